using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Tests.Faulty;

/// <summary>What throws at the edge of a thread: it is told and counted, and costs itself alone.</summary>
public sealed class FaultTests
{
    private readonly List<(string Work, long Count)> _counted = [];
    private SipServerMetrics _metrics = null!;
    private MeterListener _listener = null!;

    [SetUp]
    public void SetUp()
    {
        _counted.Clear();
        _metrics = new SipServerMetrics();
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "atm0s.sip.faults")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => _counted.Add(((string)tags[0].Value!, count)));
        _listener.Start();
    }

    [TearDown]
    public void TearDown()
    {
        _listener.Dispose();
        _metrics.Dispose();
    }

    [Test]
    public void WorkItemThatThrows_IsToldAndCounted()
    {
        var (inner, log) = (new HeldScheduler(), new Lines());
        var scheduler = new GuardedScheduler(inner, new Faults(_metrics, log));
        scheduler.Schedule(new Item());
        Assert.That(inner.Held, Has.Count.EqualTo(1));
        Assert.That(inner.Held[0].Execute, Throws.Nothing);
        Assert.That(log.Events, Is.EqualTo([(2060, LogLevel.Error)]));
        Assert.That(_counted, Is.EqualTo([("work item", 1L)]));
    }

    [Test]
    public void ItemWithAGuardOfItsOwn_IsNotWrapped()
    {
        var inner = new HeldScheduler();
        var item = new Guarded();
        new GuardedScheduler(inner, new Faults(_metrics, NullLogger.Instance)).Schedule(item);
        Assert.That(inner.Held[0], Is.SameAs(item));
    }

    [Test]
    public void LogAndListenerThatThrow_ThrowNoFurther()
    {
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("the listener"));
        var faults = new Faults(_metrics, new ThrowingLogger());
        Assert.That(() => faults.Tell(new InvalidOperationException("the work"), "work item"), Throws.Nothing);
    }

    [Test]
    public void TokenWhoseRegistrationAndLogThrow_IsCancelled()
    {
        using var token = new CancellationTokenSource();
        using var registration = token.Token.Register(static () => throw new InvalidOperationException("the host"));
        IThreadPoolWorkItem cancel = new HookCancel(token, static _ => throw new InvalidOperationException("the log"));
        Assert.That(cancel.Execute, Throws.Nothing);
        Assert.That(token.IsCancellationRequested, Is.True);
    }

    private sealed class Item : IThreadPoolWorkItem
    {
        void IThreadPoolWorkItem.Execute() => throw new InvalidOperationException("the work");
    }

    private sealed class Guarded : IGuardedWork
    {
        void IThreadPoolWorkItem.Execute()
        {
        }
    }

    private sealed class HeldScheduler : SipScheduler
    {
        public List<IThreadPoolWorkItem> Held { get; } = [];

        public override void Schedule(IThreadPoolWorkItem item) => Held.Add(item);
    }

    private sealed class Lines : ILogger
    {
        public List<(int Id, LogLevel Level)> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add((eventId.Id, logLevel));
    }

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new InvalidOperationException("the log");

        public bool IsEnabled(LogLevel logLevel) => throw new InvalidOperationException("the log");

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("the log");
    }
}
