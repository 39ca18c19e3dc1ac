using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;
using Atm0s.Sip.TestKit.Audio;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Which codecs a server has: by default, named, added by the host, and what is said when that can't be.</summary>
public sealed class MediaCodecsTests
{
    private static readonly IOpusCodecProvider Missing = new NoOpus();

    [Test]
    public void Default_HasOpusWhateverTheMachineHas()
    {
        Assert.That(Names(new MediaOptions()), Is.EqualTo(new[] { "opus/48000", "G722/8000", "PCMA/8000", "PCMU/8000" }));
    }

    [Test]
    public void OpusProvider_NamedInTheOptions_IsTheOnlyOneTried()
    {
        var options = new MediaOptions();
        options.OpusProviders.Add(Missing);
        var log = new LogLines();

        Assert.That(Names(options, log, new ConcentusOpusCodecProvider()), Is.EqualTo(new[] { "G722/8000", "PCMA/8000", "PCMU/8000" }));
        Assert.That(log.Lines, Is.EqualTo(new[] { "Warning Opus is not offered: none: not here." }));
    }

    [Test]
    public void OpusProvider_FirstDoesNotLoad_NextIsTakenAndItsCostTold()
    {
        var options = new MediaOptions();
        options.OpusProviders.Add(Missing);
        options.OpusProviders.Add(new ConcentusOpusCodecProvider());
        var log = new LogLines();

        Assert.That(Names(options, log), Does.Contain("opus/48000"));
        Assert.That(log.Lines, Has.Count.EqualTo(1));
        Assert.That(
            log.Lines[0], Does.StartWith("Warning Opus by Concentus").And.Contain("Not taken: none: not here.").And.Contain("libopus0"));
    }

    [Test]
    public void Opus_NotNamed_IsNotEvenLoaded()
    {
        var options = new MediaOptions();
        options.Codecs.Remove("opus");
        options.OpusProviders.Add(new NoOpus { OnQuestion = Assert.Fail });

        Assert.That(Names(options), Is.EqualTo(new[] { "G722/8000", "PCMA/8000", "PCMU/8000" }));
    }

    [TestCase("L16", "L16/48000", "L16/16000", "L16/8000")]
    [TestCase("l16/16000", "L16/16000")]
    public void L16_Named_HasItsRates(string name, params string[] expected)
    {
        var options = new MediaOptions();
        options.Codecs.Clear();
        options.Codecs.Add(name);

        Assert.That(Names(options), Is.EqualTo(expected));
    }

    [TestCase("x-own", "X-OWN", "x-own/8000")]
    [TestCase("x-own", "x-own/8000", "x-own/8000")]
    [TestCase("pcma", "PCMA", "pcma/8000")]
    public void AddedCodec_Named_IsOfferedWhereItIsNamed(string added, string named, string expected)
    {
        var options = new MediaOptions();
        var own = new FakeCodec(added);
        options.AddCodec(own);
        options.Codecs.Clear();
        options.Codecs.Add(named);
        options.Codecs.Add("PCMU");

        var codecs = MediaCodecs.Choose(options, [], NullLogger.Instance);

        Assert.That(codecs.Formats.Select(f => $"{f.Name}/{f.ClockRate}"), Is.EqualTo(new[] { expected, "PCMU/8000" }));
        Assert.That(codecs[codecs.Formats[0]], Is.SameAs(own));
    }

    [Test]
    public void AddedCodec_SeveralRates_OneNameStandsForAllAndARateForOne()
    {
        var options = new MediaOptions();
        options.AddCodec(new FakeCodec("x-own") { ClockRate = 16_000, SampleRate = 16_000 }).AddCodec(new FakeCodec("x-own"));
        options.Codecs.Clear();
        options.Codecs.Add("x-own");

        var codecs = MediaCodecs.Choose(options, [], NullLogger.Instance);

        Assert.That(codecs.Formats.Select(f => f.ClockRate), Is.EqualTo(new[] { 16_000, 8000 }));
        Assert.That(codecs.Named(["X-own/8000", "nobody"]).Select(f => f.ClockRate), Is.EqualTo(new[] { 8000 }));
        Assert.That(codecs.Named(["x-own/8000", "x-own"]).Select(f => f.ClockRate), Is.EqualTo(new[] { 8000, 16_000 }));
        Assert.That(codecs.Named(null), Is.SameAs(codecs.Formats));
        Assert.That(codecs.Named(["opus"]), Is.Empty);
    }

    [TestCase(new[] { "PCMA", "PCMA" }, "names PCMA twice")]
    [TestCase(new[] { "PCMA", "pcma" }, "names PCMA twice")]
    [TestCase(new[] { "opus", "PCMA", "opus/48000/2" }, "names opus twice")]
    [TestCase(new[] { "G729", "PCMA" }, "\"G729\", which is not known here; write G722, PCMA, PCMU, L16, opus")]
    [TestCase(new[] { "" }, "\"\", which is not known here")]
    [TestCase(new[] { "PCMA/16000" }, "\"PCMA/16000\", which is not known here")]
    public void Names_ThatCanNotBe_AreToldInASentence(string[] names, string sentence)
    {
        var options = new MediaOptions();
        options.Codecs.Clear();
        foreach (var name in names)
            options.Codecs.Add(name);

        Assert.That(() => Names(options), Throws.TypeOf<SipStartException>().With.Message.Contains(sentence));
    }

    [Test]
    public void OnlyOpus_AndNoneLoads_IsToldInASentence()
    {
        var options = new MediaOptions();
        options.Codecs.Clear();
        options.Codecs.Add("opus");
        options.OpusProviders.Add(Missing);

        Assert.That(
            () => Names(options),
            Throws.TypeOf<SipStartException>()
                .With.Message.EqualTo("No codec of Media.Codecs can be used: Opus is not offered: none: not here. Add PCMA or PCMU."));
    }

    [Test]
    public void AddedCodec_PayloadTypeOfAnother_IsToldInASentence()
    {
        var options = new MediaOptions();
        options.AddCodec(new FakeCodec("x-own") { StaticPayloadType = 8 });
        options.Codecs.Add("x-own");

        Assert.That(
            () => Names(options), Throws.TypeOf<SipStartException>().With.Message.Contains("PCMA and x-own both claim payload type 8"));
    }

    [TestCase("with space")]
    [TestCase("a/b")]
    [TestCase("")]
    public void AddedCodec_NameThatSdpCanNotCarry_IsToldInASentence(string name)
    {
        var options = new MediaOptions();
        options.AddCodec(new FakeCodec(name));

        Assert.That(() => Names(options), Throws.TypeOf<SipStartException>().With.Message.Contains("can't be written in SDP"));
    }

    private static string[] Names(MediaOptions options, ILogger? log = null, params IOpusCodecProvider[] environment) =>
        [.. MediaCodecs.Choose(options, environment, log ?? NullLogger.Instance).Formats.Select(f => $"{f.Name}/{f.ClockRate}")];

    private sealed class NoOpus : IOpusCodecProvider
    {
        public Action? OnQuestion { get; init; }

        public string Name => "none";

        public string? Version => null;

        public bool IsAvailable
        {
            get
            {
                OnQuestion?.Invoke();
                return false;
            }
        }

        public string Status => "not here.";

        public Media.Codecs.IAudioEncoder CreateEncoder(OpusEncoderOptions options) => throw new InvalidOperationException();

        public Media.Codecs.IAudioDecoder CreateDecoder() => throw new InvalidOperationException();
    }

    private sealed class LogLines : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
