using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hosting;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Atm0s.Sip;

/// <summary>
/// Adds the host's handlers to a server. One added by type is made once, for the life of the server, so it may keep what it knows in its
/// fields; it is asked from many threads at once. With <see cref="ServiceLifetime.Scoped"/> it is made anew for each question, in a scope
/// of its own: for those that take a database context or the like. One that is made once and takes such a service stops the start.
/// </summary>
public sealed class SipServerBuilder
{
    internal SipServerBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds the provider that knows the users, unless one is registered already.</summary>
    /// <typeparam name="T">The provider.</typeparam>
    /// <param name="lifetime">How often one is made; once, unless you say otherwise.</param>
    public SipServerBuilder AddAuthProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where T : class, IAuthProvider => AddOnly<IAuthProvider, T>(lifetime, nameof(AddAuthProvider));

    /// <summary>Adds the provider that knows the users, unless one is registered already.</summary>
    /// <param name="provider">Answers every question, from many threads at once.</param>
    public SipServerBuilder AddAuthProvider(IAuthProvider provider)
    {
        Services.TryAddSingleton(provider);
        return this;
    }

    /// <summary>Adds the handler of incoming calls, unless one is registered already.</summary>
    /// <typeparam name="T">The handler.</typeparam>
    /// <param name="lifetime">How often one is made; once, unless you say otherwise.</param>
    public SipServerBuilder AddInviteHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where T : class, IInviteHandler => AddOnly<IInviteHandler, T>(lifetime, nameof(AddInviteHandler));

    /// <summary>Adds the handler of incoming calls, unless one is registered already.</summary>
    /// <param name="handler">Answers every question, from many threads at once.</param>
    public SipServerBuilder AddInviteHandler(IInviteHandler handler)
    {
        Services.TryAddSingleton(handler);
        return this;
    }

    /// <summary>Asks callers for a PIN and brings them to its room, unless a handler of calls is registered already.</summary>
    /// <param name="options">Prompts, and who knows the PINs.</param>
    public SipServerBuilder AddPinRooms(PinOptions options)
    {
        var handler = new PinInviteHandler(options);
        Services.TryAddSingleton<IInviteHandler>(services =>
        {
            handler.Server = services.GetRequiredService<ISipServer>();
            return handler;
        });
        return this;
    }

    /// <summary>Adds an observer of registrations; there may be several.</summary>
    /// <typeparam name="T">The observer.</typeparam>
    /// <param name="lifetime">How often one is made; once, unless you say otherwise.</param>
    public SipServerBuilder AddRegistrationObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where T : class, IRegistrationObserver => AddOneMore<IRegistrationObserver, T>(lifetime, nameof(AddRegistrationObserver));

    /// <summary>Adds an observer of registrations; there may be several.</summary>
    /// <param name="observer">Is told of everything, from many threads at once.</param>
    public SipServerBuilder AddRegistrationObserver(IRegistrationObserver observer)
    {
        Services.AddSingleton(observer);
        return this;
    }

    /// <summary>Adds an observer of calls; there may be several.</summary>
    /// <typeparam name="T">The observer.</typeparam>
    /// <param name="lifetime">How often one is made; once, unless you say otherwise.</param>
    public SipServerBuilder AddCallObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where T : class, ICallObserver => AddOneMore<ICallObserver, T>(lifetime, nameof(AddCallObserver));

    /// <summary>Adds an observer of calls; there may be several.</summary>
    /// <param name="observer">Is told of everything, from many threads at once.</param>
    public SipServerBuilder AddCallObserver(ICallObserver observer)
    {
        Services.AddSingleton(observer);
        return this;
    }

    /// <summary>Adds the handler of the transfers that phones ask for, unless one is registered already.</summary>
    /// <typeparam name="T">The handler.</typeparam>
    /// <param name="lifetime">How often one is made; once, unless you say otherwise.</param>
    public SipServerBuilder AddTransferHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where T : class, ITransferHandler => AddOnly<ITransferHandler, T>(lifetime, nameof(AddTransferHandler));

    /// <summary>Adds the handler of the transfers that phones ask for, unless one is registered already.</summary>
    /// <param name="handler">Answers every question, from many threads at once.</param>
    public SipServerBuilder AddTransferHandler(ITransferHandler handler)
    {
        Services.TryAddSingleton(handler);
        return this;
    }

    /// <summary>Adds the handler of text messages, unless one is registered already.</summary>
    /// <typeparam name="T">The handler.</typeparam>
    /// <param name="lifetime">How often one is made; once, unless you say otherwise.</param>
    public SipServerBuilder AddMessageHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where T : class, IMessageHandler => AddOnly<IMessageHandler, T>(lifetime, nameof(AddMessageHandler));

    /// <summary>Adds the handler of text messages, unless one is registered already.</summary>
    /// <param name="handler">Answers every question, from many threads at once.</param>
    public SipServerBuilder AddMessageHandler(IMessageHandler handler)
    {
        Services.TryAddSingleton(handler);
        return this;
    }

    /// <summary>Adds the host's rooms in place of the embedded ones, unless some are registered already.</summary>
    /// <typeparam name="T">The provider.</typeparam>
    /// <param name="lifetime">How often one is made; once, unless you say otherwise.</param>
    public SipServerBuilder AddRoomProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where T : class, IRoomProvider => AddOnly<IRoomProvider, T>(lifetime, nameof(AddRoomProvider));

    /// <summary>Adds the host's rooms in place of the embedded ones, unless some are registered already.</summary>
    /// <param name="provider">Gives a seat to every call, from many threads at once.</param>
    public SipServerBuilder AddRoomProvider(IRoomProvider provider)
    {
        Services.TryAddSingleton(provider);
        return this;
    }

    /// <summary>Adds an Opus library to those that are tried, in the order they are added; the first that loads is taken.</summary>
    /// <typeparam name="T">The library.</typeparam>
    public SipServerBuilder AddOpusProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IOpusCodecProvider
    {
        Services.TryAddSingleton<T>();
        Services.AddOptions<SipServerOptions>().Configure<T>(static (options, provider) => options.Media.OpusProviders.Add(provider));
        return this;
    }

    /// <summary>Adds an Opus library to those that are tried, in the order they are added; the first that loads is taken.</summary>
    /// <param name="provider">For example <c>LibOpusCodecProvider.Instance</c> or <c>new ConcentusOpusCodecProvider()</c>.</param>
    public SipServerBuilder AddOpusProvider(IOpusCodecProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Services.AddOptions<SipServerOptions>().Configure(options => options.Media.OpusProviders.Add(provider));
        return this;
    }

    /// <summary>Makes a codec of the host known; it is used when <see cref="MediaOptions.Codecs"/> names it.</summary>
    /// <typeparam name="T">The codec.</typeparam>
    public SipServerBuilder AddAudioCodec<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IAudioCodec
    {
        Services.TryAddSingleton<T>();
        Services.AddOptions<SipServerOptions>().Configure<T>(static (options, codec) => options.Media.AddCodec(codec));
        return this;
    }

    /// <summary>Makes a codec of the host known; it is used when <see cref="MediaOptions.Codecs"/> names it.</summary>
    /// <param name="codec">The codec.</param>
    public SipServerBuilder AddAudioCodec(IAudioCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        Services.AddOptions<SipServerOptions>().Configure(options => options.Media.AddCodec(codec));
        return this;
    }

    private SipServerBuilder AddOnly<TService, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime, string method)
        where TService : class
        where T : class, TService
    {
        Services.TryAdd(Describe<TService, T>(lifetime, method));
        return this;
    }

    private SipServerBuilder AddOneMore<TService, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime, string method)
        where TService : class
        where T : class, TService
    {
        Services.TryAddEnumerable(Describe<TService, T>(lifetime, method));
        return this;
    }

    private ServiceDescriptor Describe<TService, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        ServiceLifetime lifetime, string method)
        where TService : class
        where T : class, TService
    {
        if (lifetime == ServiceLifetime.Singleton)
            Services.AddSingleton(new HandlerMadeOnce(typeof(T), method));
        return new ServiceDescriptor(typeof(TService), typeof(T), lifetime);
    }
}
