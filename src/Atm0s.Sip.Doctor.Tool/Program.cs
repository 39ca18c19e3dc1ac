using Atm0s.Sip;
using Atm0s.Sip.Doctor;
using Atm0s.Sip.Doctor.Tool;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

const string DefaultConfig = "appsettings.json";
const int DefaultWidth = 120;

DoctorArguments arguments;
try
{
    arguments = DoctorArguments.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

if (arguments.Help)
{
    Console.WriteLine(DoctorArguments.Usage);
    return 0;
}

if (arguments.Config is { } named && !File.Exists(named))
{
    await Console.Error.WriteLineAsync($"There is no file {named}.");
    return 2;
}

DoctorReport report;
try
{
    var builder = new ConfigurationBuilder();
    var file = arguments.Config ?? (File.Exists(DefaultConfig) ? DefaultConfig : null);
    if (file is not null)
        builder.AddJsonFile(Path.GetFullPath(file));
    var section = builder.AddEnvironmentVariables().Build().GetSection(arguments.Section);
    var services = new ServiceCollection();
    services.AddSipServer(section, options =>
    {
        if (file is null && options.Listeners.Count == 0)
            options.ListenUdp();
        arguments.Apply(options);
    });
    await using var provider = services.BuildServiceProvider();
    report = await SipDoctor.ExamineAsync(provider, arguments.Doctor);
}
catch (InvalidDataException wrong)
{
    await Console.Error.WriteLineAsync(
        $"{arguments.Config ?? DefaultConfig} can't be read: {wrong.InnerException?.Message ?? wrong.Message}");
    return 2;
}

if (arguments.Json)
{
    Console.WriteLine(ReportJson.Write(report));
}
else
{
    var isTerminal = !Console.IsOutputRedirected;
    var isColoured = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    var width = isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth;
    new FindingTable(Console.Out, width, isColoured).Write(report);
}

return (int)report.Verdict;
