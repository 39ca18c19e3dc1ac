using System.ComponentModel;
using System.Diagnostics;

namespace Atm0s.Sip.Tests.Sounds;

/// <summary>The programs of the Opus project: opusenc, opusdec, opusinfo.</summary>
internal static class OpusTools
{
    /// <summary>Runs one; what it prints. Skips the test where there is none; with CI=true it fails, lest a green run test nothing.</summary>
    public static string Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, $"{program}: {output}{errors.Result}");
            return output + errors.Result;
        }
        catch (Win32Exception)
        {
            if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
                throw;
            Assert.Ignore($"needs {program}: apt-get install opus-tools");
            throw;
        }
    }
}
