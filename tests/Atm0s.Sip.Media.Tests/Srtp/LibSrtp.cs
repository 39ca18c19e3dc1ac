using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Tests.Srtp;

/// <summary>libsrtp2, as it stands on the system: one session of one direction.</summary>
internal sealed unsafe partial class LibSrtp : IDisposable
{
    private const string Library = "libsrtp2.so.1";
    private const int Ok = 0;

    private nint _session;

    public LibSrtp(string suite, byte[] keyAndSalt, bool isSender)
    {
        if (!IsThere)
            throw new InvalidOperationException("libsrtp2 is not there.");
        var policy = new Policy { SsrcType = isSender ? 3u : 2u, WindowSize = 1024 };
        var isSet = suite switch
        {
            "AES_CM_128_HMAC_SHA1_80" => SetBoth(&policy, &srtp_crypto_policy_set_rtp_default, &srtp_crypto_policy_set_rtp_default),
            "AES_CM_128_HMAC_SHA1_32" =>
                SetBoth(&policy, &srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32, &srtp_crypto_policy_set_rtp_default),
            "AEAD_AES_128_GCM" => SetBoth(
                &policy, &srtp_crypto_policy_set_aes_gcm_128_16_auth, &srtp_crypto_policy_set_aes_gcm_128_16_auth),
            "AEAD_AES_256_GCM" => SetBoth(
                &policy, &srtp_crypto_policy_set_aes_gcm_256_16_auth, &srtp_crypto_policy_set_aes_gcm_256_16_auth),
            _ => false,
        };
        if (!isSet)
            throw new ArgumentException("unknown suite", nameof(suite));
        fixed (byte* key = keyAndSalt)
        {
            policy.Key = key;
            Check(srtp_create(out _session, &policy));
        }
    }

    /// <summary>Whether it is installed.</summary>
    public static bool IsThere { get; } = NativeLibrary.TryLoad(Library, out _) && srtp_init() == Ok;

    public int ProtectRtp(byte[] buffer, int length) => Call(&srtp_protect, buffer, length);

    public int ProtectRtcp(byte[] buffer, int length) => Call(&srtp_protect_rtcp, buffer, length);

    /// <returns>Length, or 0 when it was refused.</returns>
    public int UnprotectRtp(byte[] buffer, int length) => Call(&srtp_unprotect, buffer, length);

    /// <returns>Length, or 0 when it was refused.</returns>
    public int UnprotectRtcp(byte[] buffer, int length) => Call(&srtp_unprotect_rtcp, buffer, length);

    public void Dispose()
    {
        if (_session != 0)
            Check(srtp_dealloc(_session));
        _session = 0;
    }

    private static bool SetBoth(Policy* policy, delegate*<byte*, void> rtp, delegate*<byte*, void> rtcp)
    {
        rtp(policy->Rtp);
        rtcp(policy->Rtcp);
        return true;
    }

    private static void Check(int status)
    {
        if (status != Ok)
            throw new InvalidOperationException($"libsrtp2 says {status}.");
    }

    private int Call(delegate*<nint, byte*, int*, int> function, byte[] buffer, int length)
    {
        fixed (byte* start = buffer)
            return function(_session, start, &length) == Ok ? length : 0;
    }

    [LibraryImport(Library)]
    private static partial int srtp_init();

    [LibraryImport(Library)]
    private static partial int srtp_create(out nint session, Policy* policy);

    [LibraryImport(Library)]
    private static partial int srtp_dealloc(nint session);

    [LibraryImport(Library)]
    private static partial int srtp_protect(nint session, byte* packet, int* length);

    [LibraryImport(Library)]
    private static partial int srtp_protect_rtcp(nint session, byte* packet, int* length);

    [LibraryImport(Library)]
    private static partial int srtp_unprotect(nint session, byte* packet, int* length);

    [LibraryImport(Library)]
    private static partial int srtp_unprotect_rtcp(nint session, byte* packet, int* length);

    [LibraryImport(Library)]
    private static partial void srtp_crypto_policy_set_rtp_default(byte* policy);

    [LibraryImport(Library)]
    private static partial void srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(byte* policy);

    [LibraryImport(Library)]
    private static partial void srtp_crypto_policy_set_aes_gcm_128_16_auth(byte* policy);

    [LibraryImport(Library)]
    private static partial void srtp_crypto_policy_set_aes_gcm_256_16_auth(byte* policy);

    // srtp_policy_t of srtp.h, version 2.
    [StructLayout(LayoutKind.Sequential)]
    private struct Policy
    {
        public uint SsrcType;
        public uint SsrcValue;
        public fixed byte Rtp[24];
        public fixed byte Rtcp[24];
        public byte* Key;
        public nint Keys;
        public nuint KeyCount;
        public nint Deprecated;
        public nuint WindowSize;
        public int AllowRepeat;
        public nint EncryptedExtensions;
        public int EncryptedExtensionCount;
        public nint Next;
    }
}
