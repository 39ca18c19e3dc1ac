namespace Concentus;

public class OpusException : Exception
{
    private OpusException()
    {
    }

    public int OpusErrorCode => throw ReferenceOnly.Error();
}
