using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>A sample's Program.cs, run as it stands, in this process: its host is taken when it is built.</summary>
internal sealed class SampleProgram : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Task _main;

    private SampleProgram(IHost host, Task main) => (_host, _main) = (host, main);

    /// <summary>Where its web server listens.</summary>
    public Uri Web => new(_host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Its server.</summary>
    public SipServer Server => _host.Services.GetRequiredService<SipServer>();

    /// <summary>Where phones reach it over UDP, for example <c>sip:127.0.0.1:34567</c>.</summary>
    public string Uri => Server.ListenUris[0].Replace("udp://", "sip:", StringComparison.Ordinal);

    /// <summary>Starts a sample and waits until it listens.</summary>
    /// <param name="sample">Name of its project.</param>
    /// <param name="args">Its command line, beside where it listens.</param>
    public static async Task<SampleProgram> StartAsync(string sample, params string[] args)
    {
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listeners = DiagnosticListener.AllListeners.Subscribe(new HostWatcher(built));
        var entry = Assembly.Load(sample).EntryPoint!;
        string[] all = ["--listen", "udp://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning", .. args];
        var main = Task.Factory.StartNew(
            () => entry.Invoke(null, [all]), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Task.WhenAny(built.Task, main) == main)
            await main;
        var host = await built.Task;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(
            started.SetResult);
        if (await Task.WhenAny(started.Task, main) == main)
            await main;
        return new SampleProgram(host, main);
    }

    public async ValueTask DisposeAsync()
    {
        _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _main;
    }

    /// <summary>Hears of every host that this process builds.</summary>
    private sealed class HostWatcher(TaskCompletionSource<IHost> built)
        : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
                value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
                built.TrySetResult(host);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => built.TrySetException(error);
    }
}
