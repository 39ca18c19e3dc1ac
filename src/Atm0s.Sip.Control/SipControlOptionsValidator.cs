using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Control;

/// <summary>Refuses settings that can't work.</summary>
internal sealed class SipControlOptionsValidator : IValidateOptions<SipControlOptions>
{
    public ValidateOptionsResult Validate(string? name, SipControlOptions options)
    {
        if (options.ApiKeys.Count == 0 && !options.AllowAnonymous)
            return ValidateOptionsResult.Fail(
                "The control API has no key: add one with control.ApiKeys.Add(...), or set AllowAnonymous = true when something else "
                + "keeps others out.");
        if (options.ApiKeys.Any(key => string.IsNullOrEmpty(key) || key.Length < 16))
            return ValidateOptionsResult.Fail(
                "A key of the control API is shorter than 16 characters: write a long random one, for example the output of openssl rand "
                + "-hex 32.");
        if (options.ApiKeys.Any(static key => key.Any(static c => c is <= ' ' or > '~')))
            return ValidateOptionsResult.Fail(
                "A key of the control API holds a blank or a character that is not ASCII, and could not be sent: write letters and "
                    + "digits.");
        if (options.Heartbeat < TimeSpan.FromSeconds(1) || options.Heartbeat > TimeSpan.FromMinutes(5))
            return ValidateOptionsResult.Fail($"Heartbeat is {options.Heartbeat.TotalSeconds} s; write a time from 1 s to 300 s.");
        if (options.MaxWatchers is < 1 or > 10_000)
            return ValidateOptionsResult.Fail($"MaxWatchers is {options.MaxWatchers}; write a number from 1 to 10000.");
        foreach (var folder in new[] { options.SoundFolder, options.RecordingFolder })
        {
            if (folder is not null && !Directory.Exists(folder))
                return ValidateOptionsResult.Fail($"There is no folder {folder}: make it, or write another for SoundFolder and RecordingFolder.");
        }

        return ValidateOptionsResult.Success;
    }
}
