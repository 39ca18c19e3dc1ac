using System.ComponentModel;
using System.Diagnostics;
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<ICallObserver, VoiceBot>();
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
    })
    .AddInviteHandler(InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.CallId, endWhenOthersLeave: true)));
await builder.Build().RunAsync();

/// <summary>Brings a bot into the room of every caller.</summary>
internal sealed class VoiceBot(ISipServer server) : ICallObserver
{
    public async ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        // None when the caller has hung up by now.
        if (callEvent is CallEvent.Answered && server.TryGetCall(callEvent.Call.CallId, out var call)
            && await call.AddParticipantAsync(new RoomBotOptions { Id = "bot" }) is { } bot)
            _ = TalkAsync(bot);
    }

    // Events end when the caller has hung up: the bot leaves with him.
    private static async Task TalkAsync(RoomBot bot)
    {
        var digits = "";
        await SayAsync(bot, "Hello. Press some keys, then the hash key. You may interrupt me.");
        await foreach (var what in bot.Events.ReadAllAsync())
        {
            switch (what)
            {
                case RoomBotEvent.Talking { IsTalking: true }:
                    bot.Flush();
                    break;
                case RoomBotEvent.Talking:
                    await SayAsync(bot, "I heard you.");
                    break;
                case RoomBotEvent.Digit { Key: '#' }:
                    await SayAsync(bot, $"You pressed {string.Join(", ", digits.ToCharArray())}.");
                    digits = "";
                    break;
                case RoomBotEvent.Digit digit:
                    bot.Flush();
                    digits += digits.Length < 32 ? digit.Key : "";
                    break;
            }
        }
    }

    private static async Task SayAsync(RoomBot bot, string text)
    {
        var speech = await Speech.OfAsync(text);
        await bot.SayAsync(speech.ToPcm(bot.SampleRate));
    }
}

/// <summary>Speech by espeak-ng; where that is not installed, a tone for each word.</summary>
internal static class Speech
{
    public static async Task<AudioClip> OfAsync(string text)
    {
        try
        {
            using var espeak = Process.Start(new ProcessStartInfo("espeak-ng", ["--stdout", text]) { RedirectStandardOutput = true })!;
            using var wav = new MemoryStream();
            await espeak.StandardOutput.BaseStream.CopyToAsync(wav);
            await espeak.WaitForExitAsync();
            return AudioClip.FromFile(wav.ToArray());
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidDataException)
        {
            var word = AudioClip.Join(AudioClip.Tone(TimeSpan.FromSeconds(0.2), 700), AudioClip.Silence(TimeSpan.FromSeconds(0.1)));
            return AudioClip.Join([.. Enumerable.Repeat(word, text.Split(' ').Length)]);
        }
    }
}
