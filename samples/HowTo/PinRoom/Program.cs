using Atm0s.Sip;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Yours come from a database.
var meetings = new Dictionary<string, string> { ["271828"] = "board", ["314159"] = "sales" };

var builder = Host.CreateApplicationBuilder(args);
var prompt = builder.Configuration["prompt"] is { } file
    ? await AudioClip.LoadAsync(file)
    : AudioClip.Join(AudioClip.Tone(TimeSpan.FromSeconds(0.2), 880), AudioClip.Tone(TimeSpan.FromSeconds(0.3), 660));
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        // Anybody may dial in: the PIN is the key.
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
        sip.Sounds.JoinTone = sip.Sounds.LeaveTone = true;
    })
    .AddPinRooms(new PinOptions
    {
        Number = "700",
        FindRoom = (pin, invite, cancellation) => ValueTask.FromResult(meetings.GetValueOrDefault(pin)),
        Gather = new GatherOptions
        {
            Prompt = prompt,
            FirstDigitTimeout = TimeSpan.FromSeconds(builder.Configuration.GetValue("seconds", 30.0)),
            Tries = 1,
        },
    });
await builder.Build().RunAsync();
