using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Observability.Tests.Docs;

/// <summary>Each event of the log stands in docs/observability.md, and nothing else does; no number means two things.</summary>
public sealed class LogTableTests
{
    private static readonly Assembly[] Libraries =
    [
        typeof(SipServer).Assembly,
        typeof(Core.Transport.ISipTransport).Assembly,
        typeof(Media.MediaEngine).Assembly,
        typeof(Sip.Hooks.Http.HttpHookOptions).Assembly,
        typeof(Control.SipControlOptions).Assembly,
        typeof(Dashboard.SipDashboardOptions).Assembly,
        typeof(WebSockets.SipWebSocketOptions).Assembly,
        typeof(Media.Dtls.DtlsOptions).Assembly,
    ];

    private static List<(int Id, string Level, string Name)> Written => [
        .. Libraries.SelectMany(library => library.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => (Method: method, Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Event is not null)
            .Select(found => (found.Event!.EventId, found.Event.Level.ToString(), found.Method.Name))
            .Order()];

    [Test]
    public void Events_AreThoseOfThePage()
    {
        var page = Page.Table("## Log events").Select(cells => (int.Parse(Page.Plain(cells[0])), cells[1], Page.Plain(cells[2])));

        Assert.That(Written, Has.Count.GreaterThan(60));
        Assert.That(page, Is.EqualTo(Written), "number, level and name, in the order of the numbers");
    }

    [Test]
    public void Numbers_AreGivenOnce() =>
        Assert.That(Written.GroupBy(e => e.Id).Where(group => group.Count() > 1).Select(group => group.Key), Is.Empty);
}
