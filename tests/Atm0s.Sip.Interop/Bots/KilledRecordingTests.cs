using System.Buffers.Binary;
using System.Diagnostics;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Bots;

/// <summary>A server that is killed while it records.</summary>
public sealed class KilledRecordingTests : InteropTest
{
    [Test]
    public async Task Files_of_a_killed_server_are_whole_up_to_the_last_second()
    {
        Prerequisites.Require("opusinfo");
        using var folder = new TempFolder();
        var (server, control) = await ServerWithControlAsync("--recordings", folder.Path);
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Register = false });
        await alice.DialAsync("open-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        var id = (await control.CallAsync("alice")).GetProperty("id").GetString();
        var clocks = new Dictionary<string, Stopwatch>();
        foreach (var file in new[] { "call.wav", "call.ogg", "room.wav", "room.ogg" })
        {
            var what = file.StartsWith("call", StringComparison.Ordinal) ? $"/sip/calls/{id}/record" : "/sip/rooms/open-hall/record";
            var (status, body) = await control.SendAsync(HttpMethod.Post, what, new { file });
            Assert.That(status, Is.EqualTo(200), body.ToString());
            clocks[file] = Stopwatch.StartNew();
        }

        // Anywhere in a second.
        await Task.Delay(TimeSpan.FromSeconds(6.7));
        var lasted = clocks.ToDictionary(clock => clock.Key, clock => clock.Value.Elapsed);
        await server.Process.KillAsync();
        Assert.That(new FileInfo(folder["call.wav"]).Length, Is.GreaterThan(44));
        foreach (var (file, elapsed) in lasted)
        {
            var length = file.EndsWith("wav", StringComparison.Ordinal) ? LengthOfWav(folder[file]) : await LengthOfOggAsync(folder[file]);
            TestContext.Out.WriteLine($"{file}: {length.TotalSeconds:0.000} of {elapsed.TotalSeconds:0.000} s");
            Assert.That(length, Is.InRange(elapsed - TimeSpan.FromSeconds(1.1), elapsed + TimeSpan.FromSeconds(0.2)), file);
            var clip = await AudioClip.LoadAsync(folder[file]);
            Assert.That(clip.Duration, Is.EqualTo(length).Within(TimeSpan.FromSeconds(0.5)), "what our own reader finds");
            var audio = new WavFile(clip.SampleRate, [.. clip.ToPcm().Select(sample => sample / 32768f)]);
            Assert.That(audio.End(TimeSpan.FromSeconds(3)).StrongestFrequency(), Is.EqualTo(440).Within(2), file);
        }
    }

    // As a player does: by its head.
    private static TimeSpan LengthOfWav(string path)
    {
        var file = File.ReadAllBytes(path);
        var data = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(40));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4)), Is.EqualTo(data + 36));
        Assert.That(data, Is.LessThanOrEqualTo(file.Length - 44));
        Assert.That(data % BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(32)), Is.Zero, "whole samples of all channels");
        return TimeSpan.FromSeconds((double)data / BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(28)));
    }

    private async Task<TimeSpan> LengthOfOggAsync(string path)
    {
        var opusinfo = Keep(ChildProcess.Start("opusinfo", "opusinfo", [path]));
        await opusinfo.WaitForExitAsync(Soon);
        var text = opusinfo.Output.ToString();
        var line = opusinfo.Output.Lines.Single(line => line.Contains("Playback length", StringComparison.Ordinal));
        // It has no last page, as it must be; all else is in order.
        Assert.That(text, Does.Not.Contain("corrupt").And.Not.Contain("hole").And.Not.Contain("missing page").IgnoreCase, text);
        var parts = line.Split(':', 2)[1].Trim().TrimEnd('s').Split("m:");
        return TimeSpan.FromMinutes(int.Parse(parts[0])) + TimeSpan.FromSeconds(double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
