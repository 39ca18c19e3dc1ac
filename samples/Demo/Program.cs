using System.Globalization;
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Demo;
using Microsoft.Extensions.DependencyInjection;
using RoomServer;

const double SentDbfs = -12;
const double AliceHz = 440;
const double BobHz = 880;
var patience = TimeSpan.FromSeconds(10);
var seconds = args.Length > 0 && double.TryParse(args[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var given) ? given : 4;
var output = Directory.CreateDirectory("demo-output").FullName;

Console.WriteLine("The server (times, and what happens to registrations and calls):");
using var host = RoomServerHost.Create(
    Arguments.Parse(["--listen", "udp://127.0.0.1:0", "--realm", "demo.local", "--demo-users", "--rtp-ports", "41000-41999"]), Console.Out);
var server = await RoomServerHost.StartAsync(host);
var address = server.ListenUris[0].Replace("udp://", "sip:", StringComparison.Ordinal);

var aliceEars = new Headset(8000, AliceHz, SentDbfs);
var bobEars = new Headset(48000, BobHz, SentDbfs);
await using var alice = new SipPhone(NewPhone("alice", "PCMA", aliceEars, 42000));
await using var bob = new SipPhone(NewPhone("bob", "opus", bobEars, 43000));
foreach (var (name, phone) in new[] { ("alice", alice), ("bob", bob) })
{
    await phone.StartAsync();
    var registered = await phone.RegisterAsync().WaitAsync(patience);
    if (!registered.IsRegistered)
        return Fail($"{name} could not register: {registered.StatusCode}");
}

var call = await alice.CallAsync("bob");
var answered = await call.Answered.WaitAsync(patience);
if (!answered.IsAnswered)
    return Fail($"bob did not answer: {answered.StatusCode}.");

aliceEars.Speak();
bobEars.Speak();
await Task.Delay(TimeSpan.FromSeconds(seconds));
aliceEars.Hush();
bobEars.Hush();
await Task.Delay(TimeSpan.FromMilliseconds(300));

var aliceLeg = server.Calls.Single(c => c.Info.Direction == CallDirection.Incoming).GetStatistics()!;
var bobLeg = server.Calls.Single(c => c.Info.Direction == CallDirection.Outgoing).GetStatistics()!;
await call.HangUpAsync();
while (server.Calls.Count > 0)
    await Task.Delay(10);
await host.StopAsync();

Hearing[] hearings =
[
    Hearing.Of("alice", aliceEars, bobEars, BobHz, SentDbfs, aliceLeg),
    Hearing.Of("bob", bobEars, aliceEars, AliceHz, SentDbfs, bobLeg),
];
Console.WriteLine();
Console.WriteLine(
    $"alice says {AliceHz} Hz, bob says {BobHz} Hz, both at {SentDbfs} dBFS. Packets as the server counts them; what each phone heard:");
Console.WriteLine(Hearing.Header);
foreach (var hearing in hearings)
    Console.WriteLine(hearing);

aliceEars.Recording().Write(Path.Combine(output, "alice-hears.wav"));
bobEars.Recording().Write(Path.Combine(output, "bob-hears.wav"));
Console.WriteLine();
Console.WriteLine($"Recorded: {output}/alice-hears.wav, {output}/bob-hears.wav");
Console.WriteLine(
    "Your own phone: run  dotnet run --project samples/RoomServer -- --listen udp://0.0.0.0:5060 --demo-users  and register Linphone, "
    + "Zoiper or baresip");
Console.WriteLine(
    "as user \"alice\", password \"pw-alice\", domain = this machine's address; a second one as \"bob\" with \"pw-bob\", and call bob.");
return Array.TrueForAll(hearings, h => h.IsGood) ? 0 : Fail("what was heard is not good enough, see above");

SipPhoneOptions NewPhone(string user, string codec, Headset ears, int firstPort) => new()
{
    Server = address,
    Username = user,
    Password = "pw-" + user,
    Domain = "demo.local",
    Codecs = [codec],
    Audio = ears,
    FirstMediaPort = firstPort,
    LastMediaPort = firstPort + 99,
};

static int Fail(string why)
{
    Console.Error.WriteLine($"Demo failed: {why}");
    return 1;
}
