using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Atm0s.Sip;

/// <summary>
/// Adds the host's handlers to a server. Handlers added by type are made anew for each question, in a scope of their own.
/// </summary>
public sealed class SipServerBuilder
{
    internal SipServerBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds the provider that knows the users, unless one is registered already.</summary>
    /// <typeparam name="T">The provider.</typeparam>
    public SipServerBuilder AddAuthProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IAuthProvider
    {
        Services.TryAddScoped<IAuthProvider, T>();
        return this;
    }

    /// <summary>Adds the provider that knows the users, unless one is registered already.</summary>
    /// <param name="provider">Answers every question, from many threads at once.</param>
    public SipServerBuilder AddAuthProvider(IAuthProvider provider)
    {
        Services.TryAddSingleton(provider);
        return this;
    }

    /// <summary>Adds the handler of incoming calls, unless one is registered already.</summary>
    /// <typeparam name="T">The handler.</typeparam>
    public SipServerBuilder AddInviteHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IInviteHandler
    {
        Services.TryAddScoped<IInviteHandler, T>();
        return this;
    }

    /// <summary>Adds the handler of incoming calls, unless one is registered already.</summary>
    /// <param name="handler">Answers every question, from many threads at once.</param>
    public SipServerBuilder AddInviteHandler(IInviteHandler handler)
    {
        Services.TryAddSingleton(handler);
        return this;
    }

    /// <summary>Adds an observer of registrations; there may be several.</summary>
    /// <typeparam name="T">The observer.</typeparam>
    public SipServerBuilder AddRegistrationObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IRegistrationObserver
    {
        Services.TryAddEnumerable(ServiceDescriptor.Scoped<IRegistrationObserver, T>());
        return this;
    }

    /// <summary>Adds an observer of registrations; there may be several.</summary>
    /// <param name="observer">Is told of everything, from many threads at once.</param>
    public SipServerBuilder AddRegistrationObserver(IRegistrationObserver observer)
    {
        Services.AddSingleton(observer);
        return this;
    }

    /// <summary>Adds an observer of calls; there may be several.</summary>
    /// <typeparam name="T">The observer.</typeparam>
    public SipServerBuilder AddCallObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, ICallObserver
    {
        Services.TryAddEnumerable(ServiceDescriptor.Scoped<ICallObserver, T>());
        return this;
    }

    /// <summary>Adds an observer of calls; there may be several.</summary>
    /// <param name="observer">Is told of everything, from many threads at once.</param>
    public SipServerBuilder AddCallObserver(ICallObserver observer)
    {
        Services.AddSingleton(observer);
        return this;
    }

    /// <summary>Adds the handler of the transfers that phones ask for, unless one is registered already.</summary>
    /// <typeparam name="T">The handler.</typeparam>
    public SipServerBuilder AddTransferHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, ITransferHandler
    {
        Services.TryAddScoped<ITransferHandler, T>();
        return this;
    }

    /// <summary>Adds the handler of the transfers that phones ask for, unless one is registered already.</summary>
    /// <param name="handler">Answers every question, from many threads at once.</param>
    public SipServerBuilder AddTransferHandler(ITransferHandler handler)
    {
        Services.TryAddSingleton(handler);
        return this;
    }

    /// <summary>Adds the handler of text messages, unless one is registered already.</summary>
    /// <typeparam name="T">The handler.</typeparam>
    public SipServerBuilder AddMessageHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IMessageHandler
    {
        Services.TryAddScoped<IMessageHandler, T>();
        return this;
    }

    /// <summary>Adds the handler of text messages, unless one is registered already.</summary>
    /// <param name="handler">Answers every question, from many threads at once.</param>
    public SipServerBuilder AddMessageHandler(IMessageHandler handler)
    {
        Services.TryAddSingleton(handler);
        return this;
    }

    /// <summary>Adds the host's rooms in place of the embedded ones, unless some are registered already.</summary>
    /// <typeparam name="T">The provider.</typeparam>
    public SipServerBuilder AddRoomProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IRoomProvider
    {
        Services.TryAddScoped<IRoomProvider, T>();
        return this;
    }

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
}
