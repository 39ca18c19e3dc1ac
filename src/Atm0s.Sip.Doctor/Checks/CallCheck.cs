using System.Globalization;
using Atm0s.Sip.Doctor.Loopback;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>A call on this machine carries a tone from one phone to another.</summary>
internal sealed class CallCheck(Func<SipServerOptions, CancellationToken, Task<ToneResult>> call) : IDoctorCheck
{
    private const double MaxOff = 5;                        // Hz
    private const double MaxLevelOff = 3;                   // dB
    private const string Advice = "See what else uses the processors, and the findings above.";
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(300);

    public CallCheck()
        : this(ToneCall.RunAsync)
    {
    }

    public string Name => "call";

    public async ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (!context.Options.LoopbackCall)
            return [];
        var heard = await call(context.Server, cancellationToken).ConfigureAwait(false);
        if (heard.Problem is { } problem)
            return [DoctorFinding.Failed(Name, $"a call on 127.0.0.1 did not come about: {problem}", Advice)];
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"a tone of {heard.SaidFrequency:0} Hz at {heard.SaidLevel:0} dBov was heard ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"with {heard.Frequency:0} Hz at {heard.Level:0} dBov, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{heard.Delay.TotalMilliseconds:0} ms later, {heard.LossShare * 100:0.#} % lost, by {heard.Codec}");
        if (Math.Abs(heard.Frequency - heard.SaidFrequency) > MaxOff || heard.Level < heard.SaidLevel - 20)
            return [DoctorFinding.Failed(Name, text + ": that is not what was said", Advice)];
        return
        [
            heard.LossShare > 0.01 || heard.Delay > Slow || Math.Abs(heard.Level - heard.SaidLevel) > MaxLevelOff
                ? DoctorFinding.Warning(Name, text, Advice)
                : DoctorFinding.Ok(Name, text),
        ];
    }
}
