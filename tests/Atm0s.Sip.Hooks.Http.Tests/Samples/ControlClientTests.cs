using System.Diagnostics;
using Atm0s.Sip.Hooks.Http.Tests.Control;

namespace Atm0s.Sip.Hooks.Http.Tests.Samples;

/// <summary>The client that is generated from the OpenAPI document commands a server.</summary>
public sealed class ControlClientTests
{
    [Test]
    [CancelAfter(120_000)]
    public async Task RingsAPhone_AndTellsWhatBecomesOfTheCall(CancellationToken cancellation)
    {
        await using var control = await ControlHost.StartAsync();
        await control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Busy));

        var (code, output) = await RunAsync(control, "bob", cancellation);

        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("registered bob sip:").And.Contain("ringing bob: ").And.Match("(?m)^Ended "));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task UnknownUser_IsSaidInAWord(CancellationToken cancellation)
    {
        await using var control = await ControlHost.StartAsync();

        var (code, output) = await RunAsync(control, "nobody", cancellation);

        Assert.That(code, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain("404 NOT_FOUND"));
    }

    private static async Task<(int Code, string Output)> RunAsync(ControlHost control, string user, CancellationToken cancellation)
    {
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "ControlClient.dll");
        var url = control.Url.GetLeftPart(UriPartial.Authority);
        var start = new ProcessStartInfo("dotnet", [program, "--url", url, "--api-key", ControlHost.Key, "--call", user])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output + errors);
    }
}
