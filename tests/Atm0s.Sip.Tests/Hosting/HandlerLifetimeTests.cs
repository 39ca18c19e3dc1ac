using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Tests.Hosting;

/// <summary>How often handlers and observers that are added by type are made.</summary>
public sealed class HandlerLifetimeTests
{
    [Test]
    public void Observer_AddedByType_KeepsWhatItKnows()
    {
        var services = Services();
        services.AddSipServer().AddCallObserver<Counter>();
        Assert.That(Tell(services), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void Observer_AddedAsScoped_IsMadeAnew()
    {
        var services = Services();
        services.AddSipServer().AddCallObserver<Counter>(ServiceLifetime.Scoped);
        Assert.That(Tell(services), Is.EqualTo(new[] { 1, 1, 1 }));
    }

    [Test]
    public void HandlerMadeOnce_ThatTakesAScopedService_StopsTheStart_AndSaysWhatToCall()
    {
        var services = Services();
        services.AddScoped<Database>();
        services.AddSipServer(options => options.Listen("udp://127.0.0.1:0"))
            .AddAuthProvider(new TestHost()).AddInviteHandler<FromDatabase>();
        using var provider = services.BuildServiceProvider();
        Assert.That(
            () => provider.GetRequiredService<SipServer>(),
            Throws.TypeOf<SipStartException>().With.Message.Contains("AddInviteHandler<FromDatabase>(ServiceLifetime.Scoped)"));
    }

    [Test]
    public async Task HandlerAddedAsScoped_MayTakeAScopedService()
    {
        var services = Services();
        services.AddScoped<Database>();
        services.AddSipServer(options => options.Listen("udp://127.0.0.1:0")).AddAuthProvider(new TestHost())
            .AddInviteHandler<FromDatabase>(ServiceLifetime.Scoped);
        await using var provider = services.BuildServiceProvider();
        var server = provider.GetRequiredService<SipServer>();
        await server.StartAsync();
        await server.StopAsync();
    }

    private static ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        return services;
    }

    private static List<int> Tell(IServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        var source = HookSource.FromServices(provider, services);
        var counts = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            var scope = source.Open();
            counts.Add(((Counter)scope.GetAll<ICallObserver>().Single()).Count());
            scope.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return counts;
    }

    private sealed class Database;

    private sealed class Counter : ICallObserver
    {
        private int _count;

        public int Count() => ++_count;

        public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class FromDatabase(Database database) : IInviteHandler
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
            ValueTask.FromResult(InviteDecision.JoinRoom(database.ToString()!));
    }
}
