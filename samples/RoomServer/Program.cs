using Atm0s.Sip;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RoomServer;

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
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

IHost host;
try
{
    host = RoomServerHost.Create(arguments, Console.Out);
    await RoomServerHost.StartAsync(host);
}
catch (Exception wrong) when (wrong is SipStartException or OptionsValidationException or FormatException or IOException)
{
    Console.Error.WriteLine(wrong.Message);
    return 1;
}

await host.WaitForShutdownAsync();
host.Dispose();
Console.WriteLine("stopped");
return 0;
