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
