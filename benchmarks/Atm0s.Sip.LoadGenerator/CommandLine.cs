using Atm0s.Sip.LoadGenerator.Host;
using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Runs;

namespace Atm0s.Sip.LoadGenerator;

/// <summary>What the program is told to do.</summary>
internal static class CommandLine
{
    /// <summary>Does it.</summary>
    /// <returns>0, 1 when something failed, 2 when the command line is wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["serve", ..])
            return await ServeCommand.RunAsync(args);
        try
        {
            var settings = Settings.Parse(args);
            Processor.PinProcess(Settings.Processors.Generator);
            return settings.Mode switch
            {
                "options" or "register" or "call" => await Comparison.RunAsync(settings, [Test(settings)]),
                "compare" => await Comparison.RunAsync(
                    settings,
                    [.. settings.Text("tests", "options,register,call").Split(',').Select(name => TestPlan.Parse(name, settings.Rate))]),
                "flood" => await FloodRun.RunAsync(settings),
                "mixed" => await MixedRun.RunAsync(settings),
                "idle" => await IdleRun.RunAsync(settings),
                "soak" => await SoakRun.RunAsync(settings),
                "preset" => await PresetRun.RunAsync(settings),
                _ => throw new FormatException($"\"{settings.Mode}\" is no mode. {Settings.Usage}"),
            };
        }
        catch (FormatException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine(wrong.Message);
            return 1;
        }
    }

    private static TestPlan Test(Settings settings) =>
        TestPlan.Parse(settings.Mode == "call" && settings.HasAudio ? "call-media" : settings.Mode, settings.Rate);
}
