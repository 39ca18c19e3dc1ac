using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

internal sealed record Received(SipFlow Flow, string CallId, SipRefusal Refusal, IPEndPoint? Source);
