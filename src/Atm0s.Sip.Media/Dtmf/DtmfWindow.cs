namespace Atm0s.Sip.Media.Dtmf;

/// <summary>Mean powers within one window.</summary>
/// <param name="Low">Of the strongest tone of a row.</param>
/// <param name="High">Of the strongest tone of a column.</param>
/// <param name="All">Of everything.</param>
internal readonly record struct DtmfWindow(double Low, double High, double All)
{
    /// <summary>Of both tones.</summary>
    public double Tones => Low + High;
}
