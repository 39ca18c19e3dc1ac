using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>Phones that do anything at any time: transfers, holds, hang-ups, calls that replace others.</summary>
public sealed class RandomTransferTests
{
    [Test]
    public async Task AnythingAtAnyTime_NothingStays([Range(1, 12)] int seed)
    {
        await using var world = new TransferWorld(options => options.ShardCount = 1 + (seed % 3), seed: seed);
        var random = new Random(seed);
        var slow = new List<TaskCompletionSource<TransferDecision>>();
        world.Transfer = (_, _) =>
        {
            switch (random.Next(6))
            {
                case 0:
                    return ValueTask.FromResult(TransferDecision.Refuse());
                case 1:
                    return ValueTask.FromResult(TransferDecision.MoveToRoom("elsewhere"));
                case 2:
                    slow.Add(new TaskCompletionSource<TransferDecision>());
                    return new(slow[^1].Task);
                default:
                    return ValueTask.FromResult(TransferDecision.Accept(ringTimeout: TimeSpan.FromSeconds(5)));
            }
        };
        world.Carol.Register();
        var calls = new List<(PhoneCall Call, string Id)>();
        for (var i = 0; i < 6; i++)
        {
            var phone = i % 2 == 0 ? world.Alice : world.Bob;
            calls.Add((new PhoneCall(phone, world.Call(phone, $"c{i}", $"room{i / 2}")), $"c{i}"));
        }

        world.World.Network.Conditions = new() { Loss = 0.1, Duplication = 0.1, Reordering = 0.1 };
        for (var step = 0; step < 40; step++)
        {
            var (call, _) = calls[random.Next(calls.Count)];
            var (other, _) = calls[random.Next(calls.Count)];
            switch (random.Next(7))
            {
                case 0:
                    call.Send("REFER", "Refer-To: <sip:carol@test.local>\r\n");
                    break;
                case 1:
                    call.Send("REFER", $"Refer-To: <sip:x@test.local?Replaces={TransferWorld.ReplacesOf(other.Parts)}>\r\n");
                    break;
                case 2:
                    var direction = random.Next(2) == 0 ? "a=sendonly\r\n" : "";
                    call.Send("INVITE", "", call.Phone.Sdp.Replace("m=audio", $"{direction}m=audio", StringComparison.Ordinal));
                    break;
                case 3 when random.Next(4) == 0:
                    call.Send("BYE", "");
                    break;
                case 4:
                    AnswerCarol(world, random);
                    break;
                case 5 when slow.Count > 0:
                    slow[random.Next(slow.Count)].TrySetResult(TransferDecision.Accept(ringTimeout: TimeSpan.FromSeconds(5)));
                    break;
                case 6 when world.Server.Calls.Count > 0 && random.Next(3) == 0:
                    _ = world.Server.Calls.ElementAt(random.Next(world.Server.Calls.Count)).TransferAsync(
                        "1002", new TransferOptions { Timeout = TimeSpan.FromSeconds(3) });
                    break;
                default:
                    call.Send("SUBSCRIBE", "Event: refer\r\nExpires: 0\r\n");
                    break;
            }

            world.Run(random.NextDouble());
        }

        world.World.Network.Conditions = new();
        foreach (var call in world.Server.Calls)
            _ = call.HangUpAsync();
        world.Run(3);
        foreach (var call in world.Server.Calls)
            _ = call.HangUpAsync();
        world.Run(100);

        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
        Assert.That(world.Server.Parts.Calls.WhenQuietAsync().IsCompleted, "calls that have ended owe nothing any more");
        Assert.That(world.Host.Events.OfType<CallEvent.Ended>().GroupBy(e => e.Call.CallId).Select(g => g.Count()), Has.All.EqualTo(1));
        Assert.That(world.Asked, Is.Not.Empty);
    }

    private static void AnswerCarol(TransferWorld world, Random random)
    {
        if (world.Carol.Received.Where(m => m.Method == "INVITE" && !m.IsResponse).LastOrDefault() is not { } invite)
            return;
        var status = random.Next(4) switch { 0 => 180, 1 => 486, 2 => 302, _ => 200 };
        world.Carol.Respond(invite, status, "Answer", status == 200 ? world.Carol.Sdp : "");
    }

    private sealed class PhoneCall(ScriptedPhone phone, (SipText Invite, SipText Ok) parts)
    {
        public ScriptedPhone Phone => phone;

        public (SipText Invite, SipText Ok) Parts => parts;

        public void Send(string method, string extra, string body = "") =>
            phone.InDialog(method, parts.Invite, parts.Ok, body, extra: extra);
    }
}
