using Atm0s.Sip.Control.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>What the log of events keeps, and what it says to those who are too slow.</summary>
public sealed class EventLogTests
{
    [Test]
    public async Task SlowWatcher_LosesTheOldest_AndIsToldHowMany()
    {
        await using var control = await ControlHost.StartAsync();
        var log = new EventLog(control.Server, NullLogger<EventLog>.Instance);
        var place = log.Open(null);
        var end = log.Open(null);
        for (var i = 0; i < 1_500; i++)
        {
            control.Server.Parts.Events.Tell(new SipServerEvent.RoomOpened($"r{i}"));
            // The server's own queue is as long as the log: it must not overflow here.
            if (i % 500 == 499)
                await ControlHost.UntilAsync(() => ReadAll(log, ref end).LastOrDefault() == $"r{i}", "the log is filled");
        }

        var read = ReadAll(log, ref place);
        Assert.That(read[0], Is.EqualTo("missed 476"));
        Assert.That(read[1..], Is.EqualTo(Enumerable.Range(476, 1_024).Select(i => $"r{i}")));
    }

    [Test]
    public async Task SlowWatcher_GetsASnapshotBehindWhatIsLeft()
    {
        await using var control = await ControlHost.StartAsync();
        var log = new EventLog(control.Server, NullLogger<EventLog>.Instance);
        var reader = new EventReader(log, control.Server, lastEventId: null, wantsSnapshots: true);
        Assert.That(reader.Read(out _)!.Single().Name, Is.EqualTo("snapshot"));
        var end = log.Open(null);
        for (var i = 0; i < 1_100; i++)
        {
            control.Server.Parts.Events.Tell(new SipServerEvent.RoomOpened($"r{i}"));
            if (i % 500 == 499 || i == 1_099)
                await ControlHost.UntilAsync(() => ReadAll(log, ref end).LastOrDefault() == $"r{i}", "the log is filled");
        }

        var names = new List<string>();
        while (reader.Read(out _) is { Count: > 0 } events)
            names.AddRange(events.Select(e => e.Name));

        Assert.That(names[0], Is.EqualTo("missed"));
        Assert.That(names[^1], Is.EqualTo("snapshot"));
        Assert.That(names.Count(name => name == "snapshot"), Is.EqualTo(1));
    }

    private static List<string> ReadAll(EventLog log, ref long place)
    {
        var read = new List<string>();
        while (log.Read(ref place, out _) is { Count: > 0 } events)
            read.AddRange(events.Select(Text));
        return read;
    }

    private static string Text(LoggedEvent what)
    {
        var data = System.Text.Json.JsonDocument.Parse(what.Data).RootElement;
        return what.Name == "missed" ? $"missed {data.GetProperty("count").GetInt64()}" : data.GetProperty("room_id").GetString()!;
    }
}
