using System.Reflection;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Media;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>
/// Which properties the code of the server reads, beside the tables that set, check and compare them: found in the code as it was compiled.
/// </summary>
internal static class OptionReads
{
    private const byte Call = 0x28;         // ECMA-335 §III.3.19
    private const byte CallVirtual = 0x6F;  // ECMA-335 §III.4.2

    // What a record does with all its properties alike.
    private static readonly string[] Alike = ["PrintMembers", "Equals", "GetHashCode", "ToString", "Validate", "<Clone>$"];

    private static readonly Assembly[] Assemblies =
        [typeof(SipServer).Assembly, typeof(SipStack).Assembly, typeof(MediaEngineOptions).Assembly];

    public static HashSet<(Type Type, string Name)> Find()
    {
        var found = new HashSet<(Type, string)>();
        foreach (var type in Assemblies.SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.Namespace?.StartsWith("Atm0s.Sip.Configuration", StringComparison.Ordinal) == true)
                continue;
            const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
                | BindingFlags.DeclaredOnly;
            foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
            {
                if (!Alike.Contains(method.Name) && method.GetMethodBody()?.GetILAsByteArray() is { } code)
                    Read(method, code, found);
            }
        }

        return found;
    }

    private static void Read(MethodBase method, byte[] code, HashSet<(Type, string)> found)
    {
        for (var i = 0; i + 4 < code.Length; i++)
        {
            // A byte of an operand may look like a call: what it would call is then no getter, or none at all.
            if (code[i] is not (Call or CallVirtual) || code[i + 4] is not (0x06 or 0x0A))
                continue;
            if (Resolve(method, BitConverter.ToInt32(code, i + 1)) is { } called
                && called.DeclaringType is { } owner
                && called.Name.StartsWith("get_", StringComparison.Ordinal))
                found.Add((owner, called.Name["get_".Length..]));
        }
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMethod(
                token, method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception exception) when (exception is ArgumentException or BadImageFormatException or MissingMethodException)
        {
            return null;
        }
    }
}
