using System.Globalization;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Phones;

/// <summary>
/// Waits until the last two seconds that a phone recorded sound as they must. These phones are clocked by sleeps: on a loaded machine
/// they skip and repeat frames, and a machine that is given time has two good seconds sooner or later; a server that spoils the sound has
/// not.
/// </summary>
internal static class Hearing
{
    private const double Absent = -45; // dBFS
    private const double Silent = -60; // dBFS
    private const int AudioBitrate = 30_000;

    /// <summary>Part of the blocks of 100 ms that a skipped frame may spoil.</summary>
    private const double Disturbed = 0.3;

    private static readonly TimeSpan Listened = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The tone at <paramref name="hz"/>, as loud as it was sent, and little else.</summary>
    /// <param name="phone">Who listens.</param>
    /// <param name="hz">The tone.</param>
    /// <param name="snr">At least so many dB above all else.</param>
    /// <param name="since">What was recorded before does not count.</param>
    /// <param name="within">How many dB its level may be off.</param>
    public static Task ToneAsync(IListeningPhone phone, double hz, double snr, TimeSpan since = default, double within = 1) =>
        UntilAsync(phone, audio =>
    {
        var strongest = audio.StrongestFrequency();
        var report = audio.Measure(Disturbed, [strongest]);
        var isRight = Math.Abs(strongest - hz) <= 2 && IsAsSent(report.Levels[strongest], within) && report.Snr >= snr;
        return (isRight, Text($"{report}, wanted {hz} Hz, {PhoneOptions.ToneDbfs} dBFS, SNR {snr} dB"));
    }, audio => Body(audio.From(since)));

    /// <summary>All tones of <paramref name="present"/> as loud as sent, and not <paramref name="absent"/>.</summary>
    public static Task SumAsync(IListeningPhone phone, double[] present, double absent, double snr) => UntilAsync(phone, audio =>
    {
        var report = audio.Measure(Disturbed, [.. present, absent]);
        var isRight = present.All(hz => IsAsSent(report.Levels[hz])) && report.Levels[absent] < Absent && report.Snr >= snr;
        return (isRight, Text($"{report}, wanted {string.Join(" and ", present)} Hz, no {absent} Hz, SNR {snr} dB"));
    });

    /// <summary>Nothing at <paramref name="hz"/> any more, though it was heard before.</summary>
    public static Task NoneAsync(IListeningPhone phone, double hz) => UntilAsync(phone, audio =>
    {
        var level = audio.Measure(hz).Levels[hz];
        return (level < Silent, Text($"{hz} Hz at {level:0.0} dBFS, wanted silence"));
    }, static audio => audio);

    /// <summary>
    /// It gets the audio of a call, as its display says: baresip records nothing any more once it has held, so this is all that it tells.
    /// </summary>
    public static async Task AudioComesAsync(Baresip phone)
    {
        ArgumentNullException.ThrowIfNull(phone);
        for (var end = DateTime.UtcNow + Limit; phone.ReceivedBitrate() < AudioBitrate; await Task.Delay(Pause))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"{phone.Options.User} gets {phone.ReceivedBitrate()} bits per second");
    }

    private static bool IsAsSent(double level, double within = 1) => Math.Abs(level - PhoneOptions.ToneDbfs) <= within;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The sound from its first to its last loud moment, without the ends.</summary>
    private static WavFile Body(WavFile recorded) => recorded.Body(TimeSpan.FromMilliseconds(500));

    private static async Task UntilAsync(
        IListeningPhone phone, Func<WavFile, (bool IsRight, string Text)> judge, Func<WavFile, WavFile>? part = null)
    {
        var (who, found) = (phone.Options.User, "nothing");
        for (var end = DateTime.UtcNow + Limit; DateTime.UtcNow < end; await Task.Delay(Pause))
        {
            var audio = (part ?? Body)(await phone.RecordedAsync()).End(Listened);
            if (audio.Duration < Listened)
            {
                found = Text($"{audio.Duration.TotalSeconds:0.0} s of sound, which are too few");
                continue;
            }

            (var isRight, found) = judge(audio);
            if (!isRight)
                continue;
            await TestContext.Out.WriteLineAsync($"{who} heard {found}");
            return;
        }

        Assert.Fail($"{who} heard {found}, within {Limit.TotalSeconds} s");
    }
}
