using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>What happened to a call, asked over HTTP.</summary>
public sealed class EndedCallTests
{
    private ControlHost _control = null!;

    [SetUp]
    public async Task SetUp() => _control = await ControlHost.StartAsync();

    [TearDown]
    public async Task TearDown() => await _control.DisposeAsync();

    [Test]
    public async Task EndedCall_IsListed_Reported_AndExplained()
    {
        var id = await CallAsync();
        var list = await JsonAsync("/sip/calls/ended?text=bob&failed=false&direction=outgoing&cause=local_hangup");
        var call = list.GetProperty("calls")[0];
        Assert.That(call.GetProperty("id").GetString(), Is.EqualTo(id));
        Assert.That(call.GetProperty("state").GetString(), Is.EqualTo("ended"));
        Assert.That(call.GetProperty("reason").GetString(), Is.EqualTo("ended by the host"));
        Assert.That(call.GetProperty("room_id").GetString(), Is.EqualTo("r1"));
        Assert.That(list.TryGetProperty("next", out _), Is.False);

        var report = await JsonAsync($"/sip/calls/{id}/report");
        Assert.That(
            report.GetProperty("notes").EnumerateArray().Select(note => note.GetProperty("subject").GetString()), Has.Some.EqualTo("end"));
        Assert.That(report.GetProperty("samples").ValueKind, Is.EqualTo(JsonValueKind.Array));
        Assert.That(report.GetProperty("related_ids").GetArrayLength(), Is.Zero);
        Assert.That((await _control.SendAsync(HttpMethod.Get, $"/sip/calls/{id}/explain")).Body, Does.Contain("LocalHangup"));
    }

    [Test]
    public async Task Pages_FollowEachOther()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Insert(0, await CallAsync());
        var first = await JsonAsync("/sip/calls/ended?limit=2");
        var second = await JsonAsync($"/sip/calls/ended?limit=2&after={first.GetProperty("next").GetString()}");
        var found = new[] { first, second }.SelectMany(page => page.GetProperty("calls").EnumerateArray())
            .Select(call => call.GetProperty("id").GetString());
        Assert.That(found, Is.EqualTo(ids));
        Assert.That(second.TryGetProperty("next", out _), Is.False);
    }

    [TestCase("limit=0")]
    [TestCase("limit=x")]
    [TestCase("after=x")]
    [TestCase("cause=x")]
    [TestCase("direction=up")]
    [TestCase("since=yesterday")]
    public async Task WrongQuery_Is400(string query) =>
        Assert.That((await _control.SendAsync(HttpMethod.Get, $"/sip/calls/ended?{query}")).Status, Is.EqualTo(400));

    [TestCase(null, null, "text/plain")]
    [TestCase("ladder", "application/json", "text/plain")]
    [TestCase("json", null, "application/json")]
    [TestCase(null, "application/json", "application/json")]
    [TestCase("pcap", null, "application/vnd.tcpdump.pcap")]
    [TestCase(null, "application/vnd.tcpdump.pcap", "application/vnd.tcpdump.pcap")]
    public async Task Trace_HasTheFormThatIsAskedFor(string? format, string? accept, string expected)
    {
        var id = await CallAsync();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"/sip/calls/{id}/trace{(format is null ? "" : "?format=" + format)}", UriKind.Relative));
        if (accept is not null)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        using var response = await _control.Http.SendAsync(request);

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo(expected));
        var body = await response.Content.ReadAsByteArrayAsync();
        if (expected == "application/vnd.tcpdump.pcap")
        {
            Assert.That(response.Content.Headers.ContentDisposition!.FileName, Does.EndWith(".pcap"));
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(body), Is.EqualTo(0xA1B2C3D4));
            Assert.That(Packets(body), Is.EqualTo(_control.Server.FindEndedCalls().Calls[0].Messages.Count).And.GreaterThan(3));
        }
        else
        {
            Assert.That(System.Text.Encoding.UTF8.GetString(body), Does.Contain("INVITE sip:").And.Contain("BYE"));
        }
    }

    [Test]
    public async Task UnknownCallOrFormat_IsAProblem()
    {
        Assert.That((await _control.SendAsync(HttpMethod.Get, "/sip/calls/nope/trace")).Status, Is.EqualTo(404));
        Assert.That((await _control.SendAsync(HttpMethod.Get, "/sip/calls/nope/report")).Status, Is.EqualTo(404));
        Assert.That((await _control.SendAsync(HttpMethod.Get, "/sip/calls/nope/trace?format=xml")).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task Document_DescribesThem()
    {
        using var document = JsonDocument.Parse((await _control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var paths = document.RootElement.GetProperty("paths");
        var trace = paths.GetProperty("/sip/calls/{id}/trace").GetProperty("get");
        Assert.That(
            trace.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(content => content.Name),
            Is.SupersetOf(new[] { "text/plain", "application/vnd.tcpdump.pcap", "application/json" }));
        Assert.That(
            paths.GetProperty("/sip/calls/ended").GetProperty("get").GetProperty("parameters").EnumerateArray()
                .Select(parameter => parameter.GetProperty("name").GetString()),
            Is.EquivalentTo(new[] { "text", "room_id", "trunk", "username", "direction", "cause", "failed", "since", "limit", "after" }));
        Assert.That(
            document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("CallSummaryResource")
                .GetProperty("properties").GetProperty("cause").GetProperty("enum")[0].GetString(), Is.EqualTo("remote_hangup"));
    }

    private async Task<string> CallAsync()
    {
        if (_control.Server.Registrations.Count == 0)
            await _control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        var call = await _control.Server.CallClientAsync("r1", _control.Server.Registrations[0].SessionId, "1001");
        await call.Answered;
        await call.HangUpAsync();
        // The answer to our BYE comes after the end.
        await ControlHost.UntilAsync(
            () => call.WireTrace.Any(entry => !entry.IsSent && entry.Message.Contains("BYE", StringComparison.Ordinal)), "BYE answered");
        return call.Id;
    }

    private async Task<JsonElement> JsonAsync(string path)
    {
        var (status, body) = await _control.SendAsync(HttpMethod.Get, path);
        Assert.That(status, Is.EqualTo(200), body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static int Packets(ReadOnlySpan<byte> file)
    {
        var count = 0;
        for (var rest = file[24..]; !rest.IsEmpty; rest = rest[(16 + BinaryPrimitives.ReadInt32LittleEndian(rest[8..]))..])
            count++;
        return count;
    }
}
