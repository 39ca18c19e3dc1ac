using Atm0s.Sip.LoadGenerator;

return await CommandLine.RunAsync(args);
