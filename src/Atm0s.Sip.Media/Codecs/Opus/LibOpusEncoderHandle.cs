using Microsoft.Win32.SafeHandles;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>Owns one OpusEncoder of libopus.</summary>
internal sealed class LibOpusEncoderHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibOpus.DestroyEncoder(handle);
        return true;
    }
}
