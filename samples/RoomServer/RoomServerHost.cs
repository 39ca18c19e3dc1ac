using Atm0s.Sip;
using Atm0s.Sip.Control;
using Atm0s.Sip.Dashboard;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Http;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using WebPhone;

namespace RoomServer;

/// <summary>Builds the host: a SIP server with the address book as its handler and a printer as its observer.</summary>
public static class RoomServerHost
{
    /// <summary>Makes the host; nothing is opened before it starts.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Gets a line for each event.</param>
    /// <param name="delay">How long a line may wait in the buffer of <paramref name="output"/>.</param>
    /// <param name="settings">Settings of the server; the command line wins over them.</param>
    /// <param name="time">When files of certificates are looked at again; null takes the system's.</param>
    public static IHost Create(
        Arguments arguments, TextWriter output, TimeSpan delay = default, ConfigurationManager? settings = null, TimeProvider? time = null)
    {
        settings ??= new ConfigurationManager();
        var printer = new EventPrinter(output, TimeProvider.System, delay);
        if (arguments.Http is null)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Configuration = settings });
            AddServices(builder, arguments, printer, settings);
            return builder.Build();
        }

        var web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        web.WebHost.UseKestrelCore().UseUrls(arguments.Http);
        if (arguments.Http.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            var certificate = new WebCertificate(arguments, time ?? TimeProvider.System, output);
            web.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate;
                // With those above it, which a selector can't give.
                https.OnAuthenticate = (_, handshake) =>
                    (handshake.ServerCertificateContext, handshake.ServerCertificateSelectionCallback) = (certificate.Current, null);
            }));
        }

        web.Services.AddRoutingCore();
        web.Services.AddSipControl(control =>
        {
            foreach (var key in arguments.ApiKeys)
                control.ApiKeys.Add(key);
            control.AllowAnonymous = arguments.ApiKeys.Count == 0 && arguments.HttpIsLocal;
            foreach (var host in arguments.HttpHosts)
                control.AllowedHosts.Add(host);
            control.SoundFolder = arguments.Sounds;
            control.RecordingFolder = arguments.Recordings is { } folder ? Directory.CreateDirectory(folder).FullName : null;
        });
        web.Services.Configure<SipWebSocketOptions>(sockets =>
        {
            foreach (var origin in arguments.Origins)
                sockets.AllowedOrigins.Add(origin);
        });
        Telemetry.AddServices(web.Services, arguments);
        AddServices(web, arguments, printer, settings);
        var app = web.Build();
        app.UseWebSockets();
        app.UseRouting();
        app.MapSipControl();
        app.MapSipControlDocs();
        app.MapSipWebSocket("/sip");
        app.MapWebPhone();
        Telemetry.Map(app, arguments);
        if (arguments.Dashboard)
            app.MapSipDashboard();
        return app;
    }

    private static void AddServices(IHostApplicationBuilder builder, Arguments arguments, EventPrinter printer, ConfigurationManager settings)
    {
        builder.Logging
            .AddConsole(console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                // Who does not read the log must not stop the calls.
                console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            })
            .SetMinimumLevel(arguments.LogLevel)
            .AddConfiguration(settings.GetSection("Logging"))
            // What stops the start is printed once, by Program.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddSingleton(arguments);
        builder.Services.AddSingleton(printer);
        // The host must be more patient than the server: its calls first, then their BYEs, then the observers.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<SipServerOptions>>(static (host, sip) =>
            host.ShutdownTimeout = sip.Value.WaitForCallsToEnd is var wait && wait >= TimeSpan.Zero && wait < TimeSpan.FromDays(2)
                ? wait + (2 * sip.Value.StopTimeout) + TimeSpan.FromSeconds(30) : Timeout.InfiniteTimeSpan);
        builder.Services.AddHostedService(services => new OwnSectionWatch(
            settings, services.GetRequiredService<ILogger<OwnSectionWatch>>()));
        var sip = builder.Services
            .AddDtlsSrtp()
            .AddSipServer(settings, options => SwitchedOptions.Apply(options, arguments))
            .AddCallObserver(printer)
            .AddRegistrationObserver(printer);
        if (arguments.Hooks is { } url)
        {
            sip.AddHttpHooks(hooks =>
            {
                hooks.Url = url;
                hooks.Secret = arguments.HookSecret;
                hooks.CallEvents = arguments.HookEvents;
                hooks.RoomEvents = arguments.HookRooms;
                hooks.InviteTimeout = arguments.HookTimeout;
                hooks.EarlyMedia = arguments.RingsWithAudio;
                hooks.TellRefreshes = arguments.HookRefreshes;
                hooks.AllowPlainHttp = arguments.HookPlainHttp;
                hooks.InviteDetails = arguments.HookDetails;
                hooks.InviteFallbackStatus = arguments.HookFallback;
                foreach (var (name, value) in arguments.HookHeaders)
                    hooks.Headers[name] = value;
                foreach (var network in arguments.HookNetworks)
                    hooks.AllowedNetworks.Add(network);
            });
        }
        else
        {
            // One object each: what never blocks is asked on the signalling thread.
            sip.AddAuthProvider(new Users(arguments));
            builder.Services.AddSingleton<IInviteHandler, AddressBook>();
            if (arguments.Transfers)
                builder.Services.AddSingleton<ITransferHandler, AddressBook>();
        }
    }

    /// <summary>Starts the host and prints where it listens.</summary>
    /// <param name="host">From <see cref="Create"/>.</param>
    /// <returns>The server.</returns>
    public static async Task<SipServer> StartAsync(IHost host)
    {
        await host.StartAsync();
        var server = host.Services.GetRequiredService<SipServer>();
        var printer = host.Services.GetRequiredService<EventPrinter>();
        foreach (var uri in server.ListenUris)
            printer.Print("listening", ("uri", uri));
        printer.Print("ready", ("pid", Environment.ProcessId));
        printer.Flush();
        return server;
    }
}
