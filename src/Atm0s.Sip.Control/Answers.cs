using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Atm0s.Sip.Control.Messages;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Control;

/// <summary>
/// What the endpoints answer: the original's envelope, with its refusals as plain text, or a resource and problem details (RFC 9457).
/// </summary>
internal static class Answers
{
    /// <summary>An envelope with the id of a call.</summary>
    public static IResult Started(ISipCall call) =>
        Results.Json(
            new Envelope<InviteStarted> { Status = true, Data = new InviteStarted(call.Id) }, ControlJson.Default.EnvelopeInviteStarted);

    /// <summary>
    /// A refusal of an endpoint of the original: one word of plain text. Never an envelope: the original's clients parse the body without
    /// looking at the status, and take whatever parses for success.
    /// </summary>
    public static IResult Failed(int status, string error) => Results.Text(error, "text/plain", statusCode: status);

    /// <summary>A refusal in the way of the endpoint.</summary>
    public static IResult Refuse(HttpContext context, int status, string error, string detail) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnvelopeMetadata>() is null ? Problem(status, detail) : Failed(status, error);

    /// <summary>A problem.</summary>
    public static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);

    /// <summary>A value that can't be used: the field and what it may be, without what .NET adds for programmers.</summary>
    public static IResult Invalid(ArgumentException exception)
    {
        var message = exception.Message;
        var end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        var sentence = end < 0 ? message : message[..end];
        var field = exception.ParamName is null or "value" ? "" : JsonNamingPolicy.SnakeCaseLower.ConvertName(exception.ParamName) + ": ";
        return Problem(400, field + sentence);
    }

    /// <summary>A list.</summary>
    public static IResult List<TFrom, TTo>(IEnumerable<TFrom> items, Func<TFrom, TTo> convert, JsonTypeInfo<IReadOnlyList<TTo>> type) =>
        Results.Json<IReadOnlyList<TTo>>([.. items.Select(convert)], type);

    /// <summary>The outcome of a command.</summary>
    public static IResult Command(CallCommandResult result) => result switch
    {
        CallCommandResult.Done => Results.Json(new CommandDone("done"), ControlJson.Default.CommandDone),
        CallCommandResult.AlreadyDone => Results.Json(new CommandDone("already_done"), ControlJson.Default.CommandDone),
        CallCommandResult.Ended => NoSuchCall(),
        _ => Problem(409, "The call can't do that in its state, or its phone can't."),
    };

    /// <summary>There is no such call, or it has ended: both are the same to who commands.</summary>
    public static IResult NoSuchCall() => Problem(404, "There is no such call, or it has ended.");
}
