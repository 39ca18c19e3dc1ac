using Atm0s.Sip.Media.Mixing;
using System.Diagnostics;
using System.Net;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>Phones and servers at loopback addresses, stopped at the end.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = [];

    /// <summary>Waits until something is so, 20 s at most.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(20))
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(20))
                Assert.Fail($"Not within 20 s: {what}.");
        }
    }

    /// <summary>A phone with the sample's kind of password.</summary>
    /// <param name="server">From <see cref="SampleProgram.Uri"/>.</param>
    /// <param name="user">User name.</param>
    /// <param name="voice">What it says and hears.</param>
    /// <param name="password">Password; null takes the name and "-secret".</param>
    /// <param name="host">Its address.</param>
    /// <param name="answer">What it does with calls; null takes them.</param>
    public async Task<SipPhone> PhoneAsync(
        string server, string user, IPcmEndpoint voice, string? password = null, string host = "127.0.0.1", PhoneAnswer? answer = null)
    {
        var phone = new SipPhone(new SipPhoneOptions
        {
            Server = server,
            Username = user,
            Password = password ?? user + "-secret",
            Audio = voice,
            Codecs = ["PCMA"],
            Local = new IPEndPoint(IPAddress.Parse(host), 0),
            OnIncomingCall = (_, _) => ValueTask.FromResult(answer ?? PhoneAnswer.Accept),
        });
        _owned.Push(phone);
        await phone.StartAsync();
        return phone;
    }

    /// <summary>The same, registered.</summary>
    public async Task<SipPhone> RegisteredAsync(
        string server, string user, IPcmEndpoint voice, string? password = null, string host = "127.0.0.1", PhoneAnswer? answer = null)
    {
        var phone = await PhoneAsync(server, user, voice, password, host, answer);
        Assert.That((await phone.RegisterAsync()).IsRegistered, Is.True, $"{user} registers");
        return phone;
    }

    /// <summary>Another server, in the part of a carrier or a PBX: passwords are "pw-" and the name.</summary>
    /// <param name="host">Its address.</param>
    /// <param name="decide">What it does with calls.</param>
    /// <param name="trust">Whose calls need no password, or null.</param>
    public async Task<(SipServer Server, string Uri)> OtherServerAsync(string host, TestHost decide, string? trust = null)
    {
        var options = new SipServerOptions { Realm = "other" };
        if (trust is not null)
            options.Access.Trust(trust);
        options.Listen($"udp://{host}:0");
        options.Media.FirstPort = 31_000;
        options.Media.LastPort = 31_999;
        var server = new SipServer(options, decide.Handlers);
        _owned.Push(server);
        await server.StartAsync();
        return (server, server.ListenUris[0].Replace("udp://", "sip:", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
            await owned.DisposeAsync();
    }
}
