using System.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>How long an answer takes does not tell which users there are.</summary>
[SingleThreaded]
public sealed class AnswerTimeTests
{
    private const int Samples = 1_000;

    private VirtualWorld _world = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        var host = new TestHost();
        host.Authorize = static (request, _) => ValueTask.FromResult(request.Username.StartsWith("known", StringComparison.Ordinal)
            ? AuthDecision.WithHa1(Core.Authentication.Ha1.Compute(request.Algorithm, request.Username, request.Realm, "secret"))
            : AuthDecision.Unknown);
        _world.StartServer(host.Handlers, static options =>
        {
            // What is measured is an answer, and not the limit of guesses.
            options.Authentication.MaxWrongPasswordsPerSource = 0;
            options.Authentication.MaxWrongPasswordsPerUser = 0;
            options.Defence.MaxRequestsPerSecondPerSource = 0;
        });
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void KnownAndUnknownUser_DifferByLessThan50Microseconds(
        [Values("REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE")] string method)
    {
        var phones = new[] { "known1", "nobody" }.Select((user, i) => new ScriptedPhone(_world, user, $"10.66.7.{i + 1}")).ToArray();
        var took = new[] { new List<double>(Samples), new List<double>(Samples) };
        for (var i = 0; i < Samples + 100; i++)
        {
            // In turns, so that a slow moment of the machine meets both alike; and not always the same one first.
            for (var j = 0; j < 2; j++)
            {
                var which = (i + j) % 2;
                var time = Ask(phones[which], method, i);
                if (i >= 100)
                    took[which].Add(time);
            }
        }

        var (known, unknown) = (Mean(took[0]), Mean(took[1]));
        TestContext.Out.WriteLine($"{method}: known {known:0.0} us, unknown {unknown:0.0} us");
        Assert.That(Math.Abs(known - unknown), Is.LessThan(50));
    }

    // Of the middle half: the rest is the machine's.
    private static double Mean(List<double> values)
    {
        values.Sort();
        return values.Skip(values.Count / 4).Take(values.Count / 2).Average();
    }

    private double Ask(ScriptedPhone phone, string method, int number)
    {
        var (to, uri) = method == "REGISTER" ? (null, "sip:test.local") : (phone.User, $"sip:{phone.User}@test.local");
        var body = method == "INVITE" ? phone.Sdp : "";
        var time = Exchange(phone, phone.Request(method, to, $"c{number}", body, phone.Contact()), out var answer);
        if (answer.Status == 401)
            time += Exchange(
                phone, phone.Request(method, to, $"c{number}", body, phone.Contact() + phone.Authorize(answer, method, uri, "guess")), out _);
        return time;
    }

    private double Exchange(ScriptedPhone phone, string request, out SipText answer)
    {
        phone.Received.Clear();
        phone.Send(request);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20 && phone.Received.Count == 0; i++)
            _world.Advance(VirtualWorld.Step);
        var time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        answer = phone.Received[0];
        return time;
    }
}
