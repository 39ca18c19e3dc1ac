namespace Atm0s.Sip.MediaQuality.Analysis;

/// <summary>
/// Finds each frame of what was said in what was heard. The delay moves when a jitter buffer grows or shrinks, so it is followed from frame
/// to frame: where it was; within 60 ms of it; and after some frames in vain, within 600 ms with a longer piece.
/// </summary>
internal sealed class Alignment
{
    private const int Stride = 6; // compared at 8 kHz, placed at 48 kHz
    private const int Frame = 960;
    private const double Quiet = -45; // dBov: pauses are not compared
    private const double Good = 15; // dB
    private const double SilentBelow = -25; // dB below what was said
    private readonly float[] _said;
    private readonly float[] _heard;

    private Alignment(float[] said, float[] heard) => (_said, _heard) = (said, heard);

    /// <summary>Compares two signals of 48 kHz.</summary>
    /// <param name="said">What was said.</param>
    /// <param name="heard">What was heard.</param>
    /// <param name="skip">Beginning of what was said that is left out, in samples.</param>
    public static IReadOnlyList<FrameMatch> Find(float[] said, float[] heard, int skip = 0) => new Alignment(said, heard).Follow(skip);

    /// <summary>Where one of several voices is in a mix, when its delay does not move: by five seconds of it.</summary>
    public static int? FindConstant(float[] said, float[] heard)
    {
        const int Piece = 5 * 48_000;
        var alignment = new Alignment(said, heard);
        var (best, at) = (0.0, 0);
        for (var lag = -48_000; lag < 2 * 48_000; lag += Stride)
        {
            if (alignment.Correlation(3 * 48_000, lag, Piece) is var c && c > best)
                (best, at) = (c, lag);
        }

        return best > 0.1 ? alignment.Refine(3 * 48_000, at, Piece) : null;
    }

    private List<FrameMatch> Follow(int skip)
    {
        var matches = new List<FrameMatch>();
        if (FindStart(skip) is not { } lag)
            return matches;
        var vain = 0;
        for (var position = skip / Frame * Frame; position + Frame <= _said.Length; position += Frame)
        {
            if (position + Frame + lag >= _heard.Length)
                break;
            if (Level(_said, position, Frame) < Quiet)
                continue;
            var snr = Snr(position, lag);
            if (snr < Good)
            {
                var other = vain < 5 ? Search(position, lag, 48 * 60, 2 * Frame) : Search(position, lag, 48 * 600, 5 * Frame);
                var better = Snr(position, other);
                if (better >= FrameMatch.Intact && better > snr + 3)
                    (lag, snr) = (other, better);
            }

            vain = snr >= FrameMatch.Intact ? 0 : vain + 1;
            var silent = Level(_heard, position + lag, Frame) < Level(_said, position, Frame) + SilentBelow;
            matches.Add(new FrameMatch(position, position + lag, snr, silent));
        }

        return matches;
    }

    // The first loud half second, anywhere in the first seconds of what was heard.
    private int? FindStart(int skip)
    {
        const int Piece = 25 * Frame;
        for (var position = skip; position + Piece < _said.Length; position += Frame)
        {
            if (Level(_said, position, Piece) < Quiet + 10)
                continue;
            var (best, at) = (0.0, 0);
            for (var lag = -48_000 * 2; lag < 48_000 * 3; lag += Stride)
            {
                if (Correlation(position, lag, Piece) is var c && c > best)
                    (best, at) = (c, lag);
            }

            if (best > 0.6)
                return Refine(position, at, Piece);
        }

        return null;
    }

    private int Search(int position, int around, int reach, int piece)
    {
        var from = Math.Max(0, position + (Frame / 2) - (piece / 2));
        var (best, at) = (-1.0, around);
        for (var lag = around - reach; lag <= around + reach; lag += Stride)
        {
            if (Correlation(from, lag, piece) is var c && c > best)
                (best, at) = (c, lag);
        }

        return Refine(position, at, Frame);
    }

    private int Refine(int position, int lag, int piece)
    {
        var (best, at) = (-1.0, lag);
        for (var fine = lag - Stride; fine <= lag + Stride; fine++)
        {
            if (Correlation(position, fine, piece) is var c && c > best)
                (best, at) = (c, fine);
        }

        return at;
    }

    private double Correlation(int position, int lag, int length)
    {
        double product = 0, said = 1e-9, heard = 1e-9;
        if (position + lag < 0 || position + lag + length > _heard.Length || position + length > _said.Length)
            return -1;
        for (var i = 0; i < length; i += Stride)
        {
            double a = _said[position + i], b = _heard[position + lag + i];
            product += a * b;
            said += a * a;
            heard += b * b;
        }

        return product / Math.Sqrt(said * heard);
    }

    private double Snr(int position, int lag)
    {
        if (position + lag < 0 || position + lag + Frame > _heard.Length)
            return -10;
        double signal = 1e-12, noise = 1e-12;
        for (var i = 0; i < Frame; i += Stride)
        {
            double a = _said[position + i], b = _heard[position + lag + i];
            signal += a * a;
            noise += (a - b) * (a - b);
        }

        return 10 * Math.Log10(signal / noise);
    }

    private static double Level(float[] samples, int from, int length)
    {
        double power = 0;
        for (var i = Math.Max(0, from); i < Math.Min(samples.Length, from + length); i += Stride)
            power += samples[i] * samples[i];
        return Decibels.Of(power * Stride / length);
    }
}
