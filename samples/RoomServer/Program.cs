using Atm0s.Sip;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RoomServer;

Arguments arguments;
ConfigurationManager settings;
try
{
    settings = Settings.Load(args, Console.Error.WriteLine);
    arguments = Arguments.Parse(args, settings);
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

if (arguments.Help)
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

// Who looks at a terminal sees each line at once; a file or a program gets what came within 20 ms in one piece.
using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 65_536);
var delay = Console.IsOutputRedirected ? TimeSpan.FromMilliseconds(20) : TimeSpan.Zero;
IHost host;
try
{
    host = RoomServerHost.Create(arguments, output, delay, settings);
    await RoomServerHost.StartAsync(host);
}
catch (Exception wrong) when (wrong is SipStartException or OptionsValidationException or FormatException or IOException)
{
    Console.Error.WriteLine(SwitchedOptions.Explain(wrong.Message, arguments));
    return 1;
}

var printer = host.Services.GetRequiredService<EventPrinter>();
await host.WaitForShutdownAsync();
host.Dispose();
printer.Flush();
await output.WriteLineAsync("stopped");
return 0;
