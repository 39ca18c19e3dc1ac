using Atm0s.Sip.MediaQuality;

return await CommandLine.RunAsync(args);
