namespace Concentus;

internal static class ReferenceOnly
{
    public static NotSupportedException Error() =>
        new("This Concentus is reference-only: build with -p:UseConcentusPackage=true, or use the NuGet package of the adapter.");
}
