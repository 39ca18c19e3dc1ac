using Atm0s.Sip.Hooks.Http.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Hooks.Http.Control;

/// <summary>Registrations and trunks.</summary>
internal static class DirectoryEndpoints
{
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
                .WithSummary("Add a trunk, and register with it; answers when the first REGISTER is through.")
            .Accepts<TrunkRequest>("application/json").Produces<TrunkResource>().ProducesProblem(400).ProducesProblem(401)
                .ProducesProblem(409)
            .WithExample("""{"name":"carrier","server":"sip:127.0.0.1:5080","username":"1001","password":"secret","register":false}""");
        group.MapDelete("/sip/trunks/{name}", async Task<IResult> (string name, HttpContext context, ISipServer server) =>
                await server.RemoveTrunkAsync(PathName.Last(context, name)) ? Results.NoContent() : Answers.Problem(404, "There is no trunk of that name."))
            .WithName("remove_trunk").WithTags("Trunks").WithSummary("Take a trunk out, and its registration back.").Produces(204)
                .ProducesProblem(401).ProducesProblem(404);
    }

    private static async Task<IResult> AddTrunkAsync(HttpContext context, ISipServer server)
    {
        if (await RequestBody.ReadAsync(context, ControlJson.Default.TrunkRequest) is not { } request)
            return Answers.Problem(400, "The body is no JSON of the expected shape.");
        if (server.Trunks.Any(trunk => trunk.Name == request.Name))
            return Answers.Problem(409, $"There is a trunk named \"{request.Name}\" already.");
        try
        {
            var added = await server.AddTrunkAsync(request.ToOptions()).WaitAsync(context.RequestAborted);
            return Results.Json(TrunkResource.From(added), ControlJson.Default.TrunkResource);
        }
        catch (ArgumentException exception)
        {
            return Answers.Problem(400, exception.Message);
        }
    }
}
