using System.Net;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Doctor.Loopback;

/// <summary>A server of the doctor's own on 127.0.0.1, and two phones that call it: one says a tone, the other hears it.</summary>
internal static class ToneCall
{
    private const double Frequency = 1000;
    private const double Level = -15;
    private const string Room = "sip-doctor";

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(18);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Makes the call.</summary>
    /// <param name="options">Settings of the server that is examined: its codecs and ports are used.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<ToneResult> RunAsync(SipServerOptions options, CancellationToken cancellationToken) =>
        RunAsync(options, MaxTime, cancellationToken);

    /// <summary>Makes the call, in a time of the caller's choice.</summary>
    internal static async Task<ToneResult> RunAsync(SipServerOptions options, TimeSpan maxTime, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        using var limit = new CancellationTokenSource(maxTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await RunAsync(options, time, both.Token).ConfigureAwait(false);
        }
        catch (SipStartException exception)
        {
            return new ToneResult { Problem = exception.Message };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ToneResult { Problem = $"it took more than {maxTime.TotalSeconds} s" };
        }
    }

    private static async Task<ToneResult> RunAsync(SipServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var server = new SipServer(OptionsOf(options), new SipServerHandlers { Invite = new ToneRoom() });
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        var address = $"sip:127.0.0.1:{new Uri(server.ListenUris[0]).Port}";
        var (speaker, listener) = (new ToneSpeaker(Frequency, Level, time), new ToneListener(time));
        await using var alice = PhoneOf("doctor-speaks", address, speaker, options);
        await using var bob = PhoneOf("doctor-hears", address, listener, options);
        await alice.StartAsync(cancellationToken).ConfigureAwait(false);
        await bob.StartAsync(cancellationToken).ConfigureAwait(false);
        var (says, hears) = (await alice.CallAsync(Room, cancellationToken).ConfigureAwait(false),
            await bob.CallAsync(Room, cancellationToken).ConfigureAwait(false));
        foreach (var one in new[] { says, hears })
        {
            var outcome = await one.Answered.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!outcome.IsAnswered)
                return new ToneResult { Problem = $"the call was not answered ({outcome.StatusCode} {outcome.Cause})" };
        }

        speaker.Speak();
        while (!listener.IsDone)
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        var (level, frequency) = listener.Measure();
        var legs = server.Calls.Concat([hears]).Select(leg => leg.GetStatistics()).OfType<CallStatistics>().ToList();
        var (lost, received) = (legs.Sum(leg => leg.PacketsLost), legs.Sum(leg => leg.PacketsReceived));
        return new ToneResult
        {
            SaidFrequency = Frequency,
            SaidLevel = Level,
            Frequency = frequency,
            Level = level,
            Delay = time.GetElapsedTime(speaker.Began, listener.Began),
            LossShare = lost + received == 0 ? 0 : (double)lost / (lost + received),
            Codec = hears.GetStatistics()?.Codec ?? "",
        };
    }

    private static SipServerOptions OptionsOf(SipServerOptions options)
    {
        var own = new SipServerOptions { ShardCount = 1 };
        own.Listen(Core.Transport.SipTransportProtocol.Udp, new IPEndPoint(IPAddress.Loopback, 0));
        own.Registrar.Enabled = false;
        own.Authentication.RequireForCalls = false;
        (own.Media.FirstPort, own.Media.LastPort) = (options.Media.FirstPort, options.Media.LastPort);
        own.Media.Threads = 1;
        own.Media.Codecs.Clear();
        foreach (var codec in options.Media.Codecs)
            own.Media.Codecs.Add(codec);
        foreach (var codec in options.Media.AddedCodecs)
            own.Media.AddCodec(codec);
        foreach (var provider in options.Media.OpusProviders)
            own.Media.OpusProviders.Add(provider);
        return own;
    }

    private static SipPhone PhoneOf(string name, string server, Media.Mixing.IPcmEndpoint audio, SipServerOptions options) =>
        new(new SipPhoneOptions
        {
            Server = server,
            Username = name,
            Password = "",
            Audio = audio,
            Codecs = [.. options.Media.Codecs],
            AddedCodecs = options.Media.AddedCodecs,
            FirstMediaPort = options.Media.FirstPort,
            LastMediaPort = options.Media.LastPort,
        });

    private sealed class ToneRoom : IInviteHandler
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
            ValueTask.FromResult(InviteDecision.JoinRoom(Room));
    }
}
