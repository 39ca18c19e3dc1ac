using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Control;

/// <summary>Lets other endpoints of the host be guarded like the control API.</summary>
public static class SipControlAccessExtensions
{
    /// <summary>
    /// Lets in who has a key of the control API (<see cref="SipControlOptions.ApiKeys"/>), or everybody where it wants none; refuses what a
    /// page of another site makes a browser send, and bodies that are no JSON.
    /// </summary>
    /// <param name="group">The endpoints to guard.</param>
    /// <returns>The same group.</returns>
    /// <exception cref="InvalidOperationException">The host has no control API: call <c>AddSipControl</c> first.</exception>
    public static RouteGroupBuilder RequireSipControlAccess(this RouteGroupBuilder group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (((IEndpointRouteBuilder)group).ServiceProvider.GetService<ApiKeyCheck>() is null)
            throw new InvalidOperationException("The keys are those of the control API: add it with services.AddSipControl(...).");
        group.AddEndpointFilter(new ApiKeyFilter());
        group.AddEndpointFilter(new RequestGuard());
        return group;
    }
}
