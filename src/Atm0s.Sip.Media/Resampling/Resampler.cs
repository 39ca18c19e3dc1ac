namespace Atm0s.Sip.Media.Resampling;

/// <summary>Makes resamplers between the rates of telephony and of rooms.</summary>
public static class Resampler
{
    /// <summary>
    /// Makes a resampler between any two of 8, 16 and 48 kHz, or between 24 and 48 kHz. All are linear-phase FIR filters: flat within
    /// 0.01 dB to 3.4 kHz (between 16 and 48 kHz: to 7.2 kHz), alias and image rejection at least 90 dB, delay below 3 ms, no allocation
    /// per frame. Equal rates give a copy without delay.
    /// </summary>
    /// <param name="inputRate">Rate in: 8000, 16000 or 48000 Hz; 24000 when the other is 48000.</param>
    /// <param name="outputRate">Rate out: 8000, 16000 or 48000 Hz; 24000 when the other is 48000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is none of these.</exception>
    public static IResampler Create(int inputRate, int outputRate)
    {
        Check(inputRate, outputRate);
        Check(outputRate, inputRate);
        if (inputRate == outputRate)
            return new PassThroughResampler(inputRate);
        return inputRate < outputRate ? new Interpolator(inputRate, outputRate) : new Decimator(inputRate, outputRate);
    }

    private static void Check(int rate, int other)
    {
        if (rate is not (8000 or 16000 or 48000) && !(rate == 24_000 && other is 24_000 or 48_000))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "Rates are 8000, 16000 and 48000 Hz, and 24000 Hz beside 48000.");
    }
}
