using System.Text;
using System.Text.Json;
using Atm0s.Sip.Control.Messages;
using Atm0s.Sip.Hooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Atm0s.Sip.Control;

/// <summary>What happened to a call: the list of those that have ended, all that is known of one, and its messages.</summary>
internal static class EndedCallEndpoints
{
    private const string Capture = "application/vnd.tcpdump.pcap";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/sip/calls/ended", FindAsync)
            .WithName("list_ended_calls").WithTags("Calls")
            .WithSummary("The calls that have ended and are kept, the last first, those that were refused included.")
            .WithDescription("text is a part of a number, user, room, trunk or id; cause is as in the events; failed=true wants those that "
                + "ended as neither side had wanted. With more than limit (1 to 1000, default 100) the answer has a next for after.")
            .Produces<EndedCallsResource>().ProducesProblem(400).ProducesProblem(401);
        group.MapGet("/sip/calls/{id}/report", IResult (string id, ISipServer server) => server.TryGetReport(id, out var call)
                ? Results.Json(CallReportResource.From(call, server.FindRelatedCalls(id)), ControlJson.Default.CallReportResource)
                : Unknown())
            .WithName("get_report").WithTags("Calls").WithSummary("All that is known of a call that goes on or has ended.")
            .Produces<CallReportResource>().ProducesProblem(401).ProducesProblem(404);
        group.MapGet("/sip/calls/{id}/trace", Trace)
            .WithName("get_trace").WithTags("Calls").WithSummary("The SIP messages of a call that goes on or has ended.")
            .WithDescription("format is ladder (text, the default), pcap or json; an Accept field that names a type of these does the "
                + "same. Ladder and pcap hold the calls that belong to it too, unless related=false. Secrets are masked.")
            .Produces<IReadOnlyList<WireMessageResource>>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(404)
            .AddOpenApiOperationTransformer(static (operation, _, _) =>
            {
                // Of one status the framework describes one type.
                if (operation.Responses?["200"].Content is { } content)
                {
                    content["text/plain"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
                    content[Capture] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                    };
                }

                return Task.CompletedTask;
            });
    }

    private static IResult FindAsync(
        ISipServer server,
        string? text,
        [FromQuery(Name = "room_id")] string? roomId,
        string? trunk,
        string? username,
        string? direction,
        string? cause,
        bool? failed,
        DateTimeOffset? since,
        int? limit,
        string? after)
    {
        if (!TryName<CallDirection>(direction, out var wantedDirection))
            return Answers.Problem(400, "direction: incoming or outgoing.");
        if (!TryName<CallEndCause>(cause, out var wantedCause))
            return Answers.Problem(400, "cause: a cause as the events have it, for example media_timeout.");
        try
        {
            var page = server.FindEndedCalls(new EndedCallFilter
            {
                Text = text,
                RoomId = roomId,
                Trunk = trunk,
                Username = username,
                Direction = wantedDirection,
                Cause = wantedCause,
                Failed = failed,
                Since = since,
                Limit = limit ?? new EndedCallFilter().Limit,
                After = after,
            });
            return Results.Json(EndedCallsResource.From(page), ControlJson.Default.EndedCallsResource);
        }
        catch (ArgumentException exception)
        {
            return Answers.Invalid(exception);
        }
    }

    private static IResult Trace(string id, string? format, bool? related, HttpContext context, ISipServer server)
    {
        var wanted = format ?? FormatOf(context.Request.Headers.Accept.ToString());
        if (wanted is not ("ladder" or "pcap" or "json"))
            return Answers.Problem(400, "format: ladder, pcap or json.");
        if (!server.TryGetReport(id, out var call))
            return Unknown();
        if (wanted == "json")
            return Answers.List(call.Messages, WireMessageResource.From, ControlJson.Default.IReadOnlyListWireMessageResource);
        var calls = related == false ? [call] : server.FindRelatedCalls(id);
        // It may have gone meanwhile.
        if (calls.Count == 0)
            calls = [call];
        if (wanted == "ladder")
        {
            var text = new StringWriter();
            SipLadder.Write(text, calls);
            return Results.Text(text.ToString(), "text/plain", Encoding.UTF8);
        }

        var capture = new MemoryStream();
        PcapWriter.Write(capture, calls.SelectMany(one => one.Messages));
        return Results.File(capture.ToArray(), Capture, $"{FileName(id)}.pcap");
    }

    private static string FormatOf(string accept) =>
        accept.Contains(Capture, StringComparison.OrdinalIgnoreCase) ? "pcap"
        : accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) ? "json"
        : "ladder";

    private static string FileName(string id) => string.Concat(id.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(64));

    private static bool TryName<T>(string? name, out T? value)
        where T : struct, Enum
    {
        value = null;
        foreach (var known in name is null ? [] : Enum.GetValues<T>())
        {
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName(known.ToString()) == name)
                value = known;
        }

        return name is null || value is not null;
    }

    private static IResult Unknown() => Answers.Problem(404, "There is no such call, and none is kept of that id.");
}
