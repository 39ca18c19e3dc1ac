using System.Text;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>A host whose server takes its settings from a configuration.</summary>
internal static class ConfiguredHost
{
    public static IHost Create(Action<IConfigurationBuilder> add, Action<SipServerOptions>? also = null)
    {
        var handlers = new TestHost();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        add(builder.Configuration);
        builder.Services.AddSipServer(builder.Configuration, also).AddAuthProvider(handlers).AddInviteHandler(handlers);
        return builder.Build();
    }

    /// <summary>The options that a file gives.</summary>
    /// <param name="sip">What stands in its section Sip, without the braces.</param>
    public static SipServerOptions Read(string sip)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes($"{{ \"Sip\": {{ {sip} }} }}"));
        var options = new SipServerOptions();
        Atm0s.Sip.Configuration.SettingsReader.Read(options, new ConfigurationBuilder().AddJsonStream(json).Build().GetSection("Sip"));
        return options;
    }

    /// <summary>What stops the start with a file; null when nothing does.</summary>
    /// <param name="sip">What stands in its section Sip, without the braces.</param>
    public static async Task<Exception?> StartAsync(string sip)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes($"{{ \"Sip\": {{ {sip} }} }}"));
        using var host = Create(configuration => configuration.AddJsonStream(json));
        try
        {
            await host.StartAsync();
            await host.StopAsync();
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is what is looked at.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            return problem;
        }
    }
}
