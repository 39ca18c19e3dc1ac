using Atm0s.Sip.Control;
using Atm0s.Sip.Hooks.Http.Tests.Control;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Hooks.Http.Tests.Streams;

/// <summary>A server with its control API, a phone, and the program in Python, all on real sockets.</summary>
[NonParallelizable]
public abstract class StreamFixture
{
    private SipPhone? _phone;

    private protected ControlHost Control { get; private set; } = null!;

    private protected PythonBot Bot { get; private set; } = null!;

    private protected ToneEndpoint Voice { get; private set; } = null!;

    private protected int Port { get; private set; }

    [SetUp]
    public async Task SetUp()
    {
        (Bot, Port) = await PythonBot.StartAsync();
        Control = await ControlHost.StartAsync();
        Voice = new ToneEndpoint(440);
    }

    [TearDown]
    public async Task TearDown()
    {
        Assert.That(Bot.Violations, Is.Empty);
        if (_phone is not null)
            await _phone.DisposeAsync();
        await Control.DisposeAsync();
        Bot.Dispose();
    }

    private protected static async Task<bool> WaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++)
            await Task.Delay(10);
        return condition();
    }

    private protected static async Task UntilAsync(Func<bool> condition, string what) =>
        Assert.That(await WaitAsync(condition), Is.True, what);

    /// <summary>Another server in place of the first.</summary>
    private protected async Task RestartAsync(Action<SipControlOptions>? control = null, Action<SipServerOptions>? sip = null)
    {
        await Control.DisposeAsync();
        Control = await ControlHost.StartAsync(
            options =>
            {
                options.ApiKeys.Add(ControlHost.Key);
                control?.Invoke(options);
            },
            sip);
    }

    private protected Uri Url(string path) => new($"ws://127.0.0.1:{Port}{path}");

    private protected async Task<ISipCall> CallAsync()
    {
        var call = await BeginCallAsync();
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await UntilAsync(() => Control.Server.Calls.Single().State == CallState.Answered, "the answer");
        return call;
    }

    private protected async Task<ISipCall> BeginCallAsync()
    {
        _phone = new SipPhone(new SipPhoneOptions
        {
            Server = $"sip:127.0.0.1:{new Uri(Control.Server.ListenUris[0]).Port}",
            Domain = "test.local",
            Username = "alice",
            Password = "pw-alice",
            Audio = Voice,
            Codecs = ["PCMU"],
            FirstMediaPort = 31_900,
            LastMediaPort = 31_999,
        });
        await _phone.StartAsync();
        return await _phone.CallAsync("room1");
    }

    private protected async Task<MediaStream> StartAsync(string path, Func<MediaStreamOptions, MediaStreamOptions>? configure = null)
    {
        var options = new MediaStreamOptions { Url = Url(path) };
        return (await Control.Server.Calls.Single().StartStreamAsync(configure is null ? options : configure(options)))!;
    }
}
