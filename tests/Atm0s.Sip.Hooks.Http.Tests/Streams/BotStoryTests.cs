using System.Threading.Channels;
using Atm0s.Sip.Hooks.Http.Tests.Control;

namespace Atm0s.Sip.Hooks.Http.Tests.Streams;

/// <summary>What is told of bots that go as soon as they have come.</summary>
public sealed class BotStoryTests
{
    [Test]
    public async Task BotThatLeavesAtOnce_HasComeBefore()
    {
        const int Count = 300;
        await using var control = await ControlHost.StartAsync();
        var server = control.Server;
        var story = Channel.CreateUnbounded<SipServerEvent>();
        await using var events = server.WatchAsync().GetAsyncEnumerator();
        var reading = Task.Run(async () =>
        {
            for (var left = 0; left < Count && await events.MoveNextAsync();)
            {
                left += events.Current is SipServerEvent.BotLeft ? 1 : 0;
                story.Writer.TryWrite(events.Current);
            }

            story.Writer.Complete();
        });
        var adding = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
                await server.AddParticipantAsync("room1", new RoomBotOptions { Id = $"bot{i}" });
        });
        while (!adding.IsCompleted || server.Bots.Count > 0)
        {
            foreach (var bot in server.Bots)
                bot.Leave();
        }

        await adding;
        await reading.WaitAsync(TimeSpan.FromSeconds(60));
        HashSet<string> here = [];
        await foreach (var one in story.Reader.ReadAllAsync())
        {
            if (one is SipServerEvent.BotJoined joined)
                here.Add(joined.Info.Id);
            else if (one is SipServerEvent.BotLeft left)
                Assert.That(here.Remove(left.Info.Id), Is.True, left.Info.Id);
        }

        Assert.That(here, Is.Empty);
    }
}
