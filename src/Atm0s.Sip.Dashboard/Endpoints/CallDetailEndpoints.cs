using Atm0s.Sip.Dashboard.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Dashboard.Endpoints;

/// <summary>One call, live or ended: what was decided, its messages, its curves, and a capture file.</summary>
internal static class CallDetailEndpoints
{
    public static void Map(RouteGroupBuilder group, ISipServer server)
    {
        group.MapGet("/calls/{id}", IResult (string id) =>
        {
            if (!server.TryGetReport(id, out var report))
                return NotKept();
            var statistics = server.TryGetCall(id, out var call) ? call.GetStatistics() : null;
            return Results.Json(
                CallDetails.Of(report, server.FindRelatedCalls(id), statistics), DashboardJson.Default.CallDetail);
        });
        group.MapGet("/calls/{id}/pcap", IResult (string id) =>
        {
            if (!server.TryGetReport(id, out var report))
                return NotKept();
            var related = server.FindRelatedCalls(id);
            var capture = new MemoryStream();
            PcapWriter.Write(capture, (related.Count == 0 ? [report] : related).SelectMany(static known => known.Messages));
            return Results.Bytes(capture.GetBuffer().AsMemory(0, (int)capture.Length), "application/vnd.tcpdump.pcap");
        });
    }

    private static IResult NotKept() => Results.Problem("This call is not known, or not kept any more.", statusCode: 404);
}
