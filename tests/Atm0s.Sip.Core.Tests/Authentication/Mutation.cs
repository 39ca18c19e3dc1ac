namespace Atm0s.Sip.Core.Tests.Authentication;

/// <summary>Seeded damage to bytes: changed, removed, doubled, cut.</summary>
internal static class Mutation
{
    private static readonly byte[] Favourites = [.. "\"\\,= \t\r\n\0;:/0aZ"u8, 0x80, 0xC3, 0xFF];

    public static byte[] Of(byte[] seed, Random random)
    {
        var bytes = new List<byte>(seed);
        for (var n = random.Next(1, 5); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 30), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = Favourites[random.Next(Favourites.Length)]; break;
                case 2: bytes.Insert(at, Favourites[random.Next(Favourites.Length)]); break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
                default:
                    if (random.Next(8) == 0)
                        bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
