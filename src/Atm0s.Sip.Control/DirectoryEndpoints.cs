using Atm0s.Sip.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Control;

/// <summary>Registrations and trunks.</summary>
internal static class DirectoryEndpoints
{
    private static readonly TimeSpan MaxRegistering = TimeSpan.FromSeconds(5);

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/sip/registrations", IResult (ISipServer server, string? username) => Answers.List(
                username is null ? server.Registrations : server.FindRegistrations(username), RegistrationResource.From,
                    ControlJson.Default.IReadOnlyListRegistrationResource))
            .WithName("list_registrations").WithTags("Registrations")
                .WithSummary("The phones that are registered now, or those of one user.")
            .Produces<IReadOnlyList<RegistrationResource>>().ProducesProblem(401);
        group.MapGet("/sip/trunks", IResult (ISipServer server) =>
            Answers.List(server.Trunks, TrunkResource.From, ControlJson.Default.IReadOnlyListTrunkResource))
            .WithName("list_trunks").WithTags("Trunks").WithSummary("The trunks there are now.").Produces<IReadOnlyList<TrunkResource>>()
                .ProducesProblem(401);
        group.MapPost("/sip/trunks", AddTrunkAsync)
            .WithName("add_trunk").WithTags("Trunks")
                .WithSummary("Add a trunk, and register with it; answers when the first REGISTER is through, or after 5 s.")
            .Accepts<TrunkRequest>("application/json").Produces<TrunkResource>().ProducesProblem(400).ProducesProblem(401)
                .ProducesProblem(409)
            .WithExample("""{"name":"carrier","server":"sip:127.0.0.1:5080","username":"1001","password":"secret","register":false}""");
        group.MapDelete("/sip/trunks/{name}", async Task<IResult> (string name, HttpContext context, ISipServer server) =>
                await server.RemoveTrunkAsync(PathName.Last(context, name)) ? Results.NoContent()
                    : Answers.Problem(404, "There is no trunk of that name."))
            .WithName("remove_trunk").WithTags("Trunks").WithSummary("Take a trunk out, and its registration back.").Produces(204)
                .ProducesProblem(401).ProducesProblem(404);
    }

    private static async Task<IResult> AddTrunkAsync(HttpContext context, ISipServer server, TimeProvider time)
    {
        if (await RequestBody.ReadAsync(context, ControlJson.Default.TrunkRequest) is not { } request)
            return Answers.Problem(400, "The body is no JSON of the expected shape.");
        if (server.Trunks.Any(trunk => trunk.Name == request.Name))
            return Answers.Problem(409, $"There is a trunk named \"{request.Name}\" already.");
        try
        {
            var adding = server.AddTrunkAsync(request.ToOptions());
            // A server that is not there is found out after 32 s (RFC 3261 §17.1.2.2): who added it can ask how it went.
            if (await Task.WhenAny(adding, Task.Delay(MaxRegistering, time, context.RequestAborted)) != adding
                && server.Trunks.FirstOrDefault(trunk => trunk.Name == request.Name) is { } soFar)
                return Results.Json(TrunkResource.From(soFar), ControlJson.Default.TrunkResource);
            return Results.Json(TrunkResource.From(await adding), ControlJson.Default.TrunkResource);
        }
        catch (ArgumentException exception)
        {
            return Answers.Problem(400, exception.Message);
        }
    }
}
