using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>Several phones in a room.</summary>
public sealed class RoomTests : InteropTest
{
    [TestCase("PCMA", "PCMA", "PCMA", 25.0), TestCase("PCMA", "opus", "PCMU", 15.0)]
    public async Task Three_hear_the_sum_of_the_others(string first, string second, string third, double snr)
    {
        double[] tones = [440, 880, 1320];
        var server = await ServerAsync();
        var phones = new List<Baresip>();
        foreach (var (codec, tone) in new[] { first, second, third }.Zip(tones))
        {
            phones.Add(await BaresipAsync(new PhoneOptions($"guest{tone}", server.Udp, tone) { Codec = codec, Register = false }));
        }

        foreach (var phone in phones)
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        foreach (var phone in phones)
        {
            var others = tones.Where(tone => tone != phone.Options.ToneHz).ToArray();
            await Hearing.SumAsync(phone, others, phone.Options.ToneHz, snr);
        }

        foreach (var phone in phones)
            await phone.HangUpAsync();
        foreach (var phone in phones)
            await phone.WaitAsync("CALL_CLOSED");
    }
}
