namespace Atm0s.Sip.TestKit.Time;

/// <summary>What stood here is in <c>Atm0s.Sip.Testing</c>; tests written before name the namespace, so it stays.</summary>
internal static class Namespace;
