using static System.Math;

namespace Atm0s.Sip.Media.Quality;

/// <summary>
/// How a call sounds to those who talk, after the E-model (ITU-T G.107, 06/2015): the delay, the losses and the codec are given, everything
/// else is as the recommendation sets it by default (phones of normal loudness and quiet rooms, table 2). Pure.
/// </summary>
public static class EModel
{
    // Table 2: loudness of both ends, side tones, echo losses, noises.
    private const double SendLoudness = 8;
    private const double ReceiveLoudness = 2;
    private const double SideTone = 15;
    private const double SideToneOfRoom = 18;   // LSTR = STMR + Dr
    private const double TelephoneFactor = 3;   // Ds
    private const double TalkerEchoLoss = 65;
    private const double ListenerEchoLoss = 110;
    private const double RoomNoise = 35;
    private const double CircuitNoise = -70;
    private const double NoiseFloor = -64;
    private const double QuantizingUnits = 1;

    private static readonly double Noise = CreateNoise();

    /// <summary>Ro, the ratio of signal to noise.</summary>
    private static readonly double Basic = 15 - (1.5 * (SendLoudness + Noise));

    /// <summary>R of a call without delay and loss through a codec that costs nothing: 93.2.</summary>
    public static double BestRating { get; } = Rate(TimeSpan.Zero, 0, 1, CodecImpairment.G711);

    /// <summary>Rates a call.</summary>
    /// <param name="oneWayDelay">
    /// From mouth to ear: half the round trip, the jitter buffer and a packet's time. Zero rates what is heard alone.
    /// </param>
    /// <param name="lossShare">Packets lost or discarded, 0 to 1.</param>
    /// <param name="burstRatio">Mean length of losses in a row over that of random losses; 1 when they come at random (§7.4).</param>
    /// <param name="codec">What coding and losses cost.</param>
    /// <returns>R, 0 to 100. Values out of range count as the nearest in range.</returns>
    public static double Rate(TimeSpan oneWayDelay, double lossShare, double burstRatio, CodecImpairment codec)
    {
        var delay = Clamp(oneWayDelay.TotalMilliseconds, 0, 10_000);
        var rating = Basic - Simultaneous(delay) - Delayed(delay) - Equipment(lossShare, burstRatio, codec);
        return Clamp(rating, 0, 100);
    }

    /// <summary>The mean opinion score of a rating (annex B): 1 (bad) to 4.5.</summary>
    /// <param name="rating">R.</param>
    public static double MeanOpinionScore(double rating)
    {
        if (!(rating > 0))
            return 1;
        return rating >= 100 ? 4.5 : Max(1, 1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6));
    }

    /// <summary>Ie,eff (§7.4): of the codec and of the packets lost.</summary>
    private static double Equipment(double lossShare, double burstRatio, CodecImpairment codec)
    {
        var lost = lossShare > 0 ? Min(lossShare, 1) * 100 : 0;
        var burst = burstRatio > 0.1 ? burstRatio : burstRatio > 0 ? 0.1 : 1;
        var impairment = Clamp(codec.Impairment, 0, 95);
        return impairment + ((95 - impairment) * lost / ((lost / burst) + Max(codec.LossRobustness, 0.1)));
    }

    /// <summary>Is (§7.3): what comes with the voice. For the first milliseconds of delay the echo is part of the side tone.</summary>
    private static double Simultaneous(double delay)
    {
        var loudness = SendLoudness + ReceiveLoudness + (0.2 * (64 + Noise - ReceiveLoudness));
        var tooLoud = 20 * (Pow(1 + Pow(loudness / 8, 8), 1 / 8.0) - (loudness / 8));
        var sideTone = -10 * Log10(Pow(10, -SideTone / 10) + (Exp(-delay / 4) * Pow(10, -TalkerEchoLoss / 10)));
        var badSideTone = (12 * Pow(1 + Pow((sideTone - 13) / 6, 8), 1 / 8.0))
            - (28 * Pow(1 + Pow((sideTone + 1) / 19.4, 35), 1 / 35.0))
            - (13 * Pow(1 + Pow((sideTone - 3) / 33, 13), 1 / 13.0)) + 29;
        var quality = 37 - (15 * Log10(QuantizingUnits));
        var g = 1.07 + (0.258 * quality) + (0.0602 * quality * quality);
        var y = ((Basic - 100) / 15) + (46 / 8.4) - (g / 9);
        var z = (46 / 30.0) - (g / 40);
        return tooLoud + badSideTone + (15 * Log10(1 + Pow(10, y) + Pow(10, z)));
    }

    /// <summary>Id (§7.5): talker echo, listener echo, and the delay itself.</summary>
    private static double Delayed(double delay)
    {
        var echo = 0.0;
        if (delay >= 1)
        {
            var loss = TalkerEchoLoss - (40 * Log10((1 + (delay / 10)) / (1 + (delay / 150)))) + (6 * Exp(-0.3 * delay * delay));
            var difference = (-1.5 * (Noise - ReceiveLoudness)) - (80 + (2.5 * (loss - 14)));
            echo = ((difference / 2) + Sqrt((difference * difference / 4) + 100) - 1) * (1 - Exp(-delay));
        }

        var listener = Basic - (10.5 * (ListenerEchoLoss + 7) * Pow((2 * delay) + 1, -0.25));
        var listenerEcho = (listener / 2) + Sqrt((listener * listener / 4) + 169);
        return echo + listenerEcho + Waiting(delay);
    }

    private static double Waiting(double delay)
    {
        if (delay <= 100)
            return 0;
        var x = Log2(delay / 100);
        return 25 * (Pow(1 + Pow(x, 6), 1 / 6.0) - (3 * Pow(1 + Pow(x / 3, 6), 1 / 6.0)) + 2);
    }

    /// <summary>No (§7.2): of the circuit, both rooms and the ear, in dBm0p.</summary>
    private static double CreateNoise()
    {
        var sendRoom = RoomNoise - SendLoudness - TelephoneFactor - 100
            + (0.004 * Pow(RoomNoise - SendLoudness - ReceiveLoudness - TelephoneFactor - 14, 2));
        var atEar = RoomNoise + (10 * Log10(1 + Pow(10, (10 - SideToneOfRoom) / 10)));
        var receiveRoom = ReceiveLoudness - 121 + atEar + (0.008 * Pow(atEar - 35, 2));
        return 10 * Log10(
            Pow(10, CircuitNoise / 10) + Pow(10, sendRoom / 10) + Pow(10, receiveRoom / 10) + Pow(10, (NoiseFloor + ReceiveLoudness) / 10));
    }
}
