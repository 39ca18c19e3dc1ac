using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Hosting;

/// <summary>
/// A handler that is made once. What it takes would live as long: of a service that is meant to be made anew for each scope, as a database
/// context is, all calls would use one object at the same time. Containers find that in development at most.
/// </summary>
/// <param name="type">Its class.</param>
/// <param name="method">How it was added.</param>
internal sealed class HandlerMadeOnce(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, string method)
{
    /// <summary>What is wrong, as a sentence that says what to write instead; null when nothing is.</summary>
    /// <param name="services">What the host has registered.</param>
    public string? ProblemWith(IServiceCollection services)
    {
        Type? scoped = null;
        foreach (var constructor in type.GetConstructors())
        {
            scoped = constructor.GetParameters().Select(parameter => parameter.ParameterType)
                .FirstOrDefault(taken => IsScoped(taken, services));
            // The container takes the constructor that it can fill.
            if (scoped is null)
                return null;
        }

        return scoped is null ? null
            : $"{type.Name} is made once, but takes {scoped.Name}, which is made anew for each scope: add it with "
            + $"{method}<{type.Name}>(ServiceLifetime.Scoped), or let it take IServiceScopeFactory.";
    }

    private static bool IsScoped(Type taken, IServiceCollection services) =>
        services.LastOrDefault(service => !service.IsKeyedService
            && (service.ServiceType == taken || (taken.IsGenericType && service.ServiceType == taken.GetGenericTypeDefinition())))
            is { Lifetime: ServiceLifetime.Scoped };
}
