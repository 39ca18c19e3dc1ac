using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;

namespace Atm0s.Sip.Control;

/// <summary>
/// Lets requests of every content type through to the endpoints: the framework would answer 415 without a word, and
/// <see cref="RequestGuard"/> says what is wrong with them.
/// </summary>
internal static class AnyContentType
{
    /// <summary>The type that is said for all, and does not stand in the document.</summary>
    public const string Name = "*/*";

    public static void Allow(EndpointBuilder endpoint)
    {
        for (var i = 0; i < endpoint.Metadata.Count; i++)
        {
            if (endpoint.Metadata[i] is IAcceptsMetadata accepts)
                endpoint.Metadata[i] = new AcceptsMetadata([.. accepts.ContentTypes, Name], accepts.RequestType, accepts.IsOptional);
        }
    }
}
