using Microsoft.Extensions.Time.Testing;
using RoomServer;

namespace Atm0s.Sip.Hooks.Http.Tests.Samples;

/// <summary>Lines of RoomServer: in the buffer for a moment, and never longer.</summary>
public sealed class EventPrinterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FlushCounter _output = new();

    [Test]
    public void Lines_WaitForTheDelay_AndAreFlushedTogether()
    {
        var printer = new EventPrinter(_output, _time, TimeSpan.FromMilliseconds(20));
        printer.Print("one");
        _time.Advance(TimeSpan.FromMilliseconds(19));
        printer.Print("two", ("key", "a b"));
        Assert.That(_output.Flushed, Is.Zero);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_output.Flushed, Is.EqualTo(1));
        Assert.That(_output.ToString(), Does.Contain(" one").And.Contain(" two key=\"a b\""));
        printer.Print("three");
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.That(_output.Flushed, Is.EqualTo(2));
    }

    [Test]
    public void WithoutADelay_EachLineIsFlushed()
    {
        var printer = new EventPrinter(_output, _time);
        printer.Print("one");
        printer.Print("two");
        Assert.That(_output.Flushed, Is.EqualTo(2));
    }

    // Names come from strangers: none moves the cursor, breaks the line, hides or turns what follows.
    [TestCase("a\r\nb")]
    [TestCase("\u001b[2J\u001b]0;owned\u0007")]
    [TestCase("a\u0085b\u009bc")]
    [TestCase("gpj.\u202efdp")]
    [TestCase("a\u200b\u2066b")]
    [TestCase("a\u2028b\u2029c")]
    [TestCase("a\u007fb\0c\tb")]
    public void NameOfAStranger_IsEscaped(string name)
    {
        var printer = new EventPrinter(_output, _time);
        var before = _output.ToString().Length;
        printer.Print("connecting", ("from", name));
        var line = _output.ToString()[before..];
        Assert.That(line, Does.EndWith(Environment.NewLine));
        Assert.That(
            line[..^Environment.NewLine.Length].Where(c => c is < ' ' or > '~'), Is.Empty, "what is printed is what can be seen");
        Assert.That(line, Does.Contain("from=\""));
    }

    [SetUp]
    public void SetUp() => _output.Flushed = 0;

    [OneTimeTearDown]
    public void TearDown() => _output.Dispose();

    private sealed class FlushCounter : StringWriter
    {
        public int Flushed { get; set; }

        public override void Flush() => Flushed++;
    }
}
