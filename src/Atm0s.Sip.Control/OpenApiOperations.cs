using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Atm0s.Sip.Control;

/// <summary>Says at each operation what the filters around all of them may answer, and whether it wants a key.</summary>
internal static class OpenApiOperations
{
    private static readonly (string Status, string Text)[] OfBodies =
        [("413", "The body is longer than 64 KiB."), ("415", "The body is not application/json.")];

    public static async Task CompleteAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var options = context.ApplicationServices.GetRequiredService<IOptions<SipControlOptions>>().Value;
        var isHealth = operation.OperationId == "health";
        // An empty list says that the key of the document is not wanted here (OpenAPI §4.8.10.1).
        if (isHealth)
        {
            operation.Security = [];
            return;
        }

        if (options.ApiKeys.Count == 0)
            operation.Security = [];
        operation.Responses ??= [];
        if (operation.OperationId == "events")
            await OpenApiEvents.DescribeAsync(operation, context, cancellationToken);
        if (options.ApiKeys.Count == 0)
            operation.Responses.Remove("401");
        else
            operation.Responses.TryAdd("429", new OpenApiResponse { Description = "Too many wrong keys." });
        if (options.ApiKeys.Count > 0 && operation.OperationId != "events")
            operation.Responses.Remove("403");
        else
            operation.Responses.TryAdd("403", new OpenApiResponse { Description = "A page of another origin, or another name than ours." });
        operation.RequestBody?.Content?.Remove(AnyContentType.Name);
        foreach (var (status, text) in operation.RequestBody is null ? [] : OfBodies)
            operation.Responses.TryAdd(status, new OpenApiResponse { Description = text });
    }
}
