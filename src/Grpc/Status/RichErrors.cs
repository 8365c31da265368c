using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Wire;

namespace Grpc.Core
{
    /// <summary>Typed details of an error in metadata: a <see cref="Google.Rpc.Status"/> under <c>grpc-status-details-bin</c>.</summary>
    public static class MetadataExtensions
    {
        /// <summary>The name of the trailer.</summary>
        public const string StatusDetailsTrailerName = HeaderNames.StatusDetails;

        /// <summary>The details, or null if there are none. What does not parse is null, or throws <see cref="InvalidProtocolBufferException"/> if asked to.</summary>
        public static Google.Rpc.Status? GetRpcStatus(this Metadata metadata, bool throwOnParseError = false)
        {
            ArgumentNullException.ThrowIfNull(metadata);
            if (metadata.Get(StatusDetailsTrailerName) is not { } entry) return null;
            try
            {
                return Google.Rpc.Status.Parser.ParseFrom(entry.ValueBytes);
            }
            catch (InvalidProtocolBufferException) when (!throwOnParseError)
            {
                return null;
            }
        }

        /// <summary>Puts the details in, in place of any that are there.</summary>
        public static void SetRpcStatus(this Metadata metadata, Google.Rpc.Status status)
        {
            ArgumentNullException.ThrowIfNull(metadata);
            ArgumentNullException.ThrowIfNull(status);
            while (metadata.Get(StatusDetailsTrailerName) is { } before) metadata.Remove(before);
            metadata.Add(StatusDetailsTrailerName, status.ToByteArray());
        }
    }

    /// <summary>Typed details of an exception.</summary>
    public static class RpcExceptionExtensions
    {
        /// <summary>The details that came with the exception, or null.</summary>
        public static Google.Rpc.Status? GetRpcStatus(this RpcException ex, bool throwOnParseError = false)
        {
            ArgumentNullException.ThrowIfNull(ex);
            return ex.Trailers.GetRpcStatus(throwOnParseError);
        }
    }

    /// <summary>From details to an exception.</summary>
    public static class RpcStatusExtensions
    {
        /// <summary>An exception with the details, and with their code and message as its status.</summary>
        public static RpcException ToRpcException(this Google.Rpc.Status status)
        {
            ArgumentNullException.ThrowIfNull(status);
            return status.ToRpcException((StatusCode)status.Code, status.Message);
        }

        /// <summary>An exception with the details and a status of its own.</summary>
        public static RpcException ToRpcException(this Google.Rpc.Status status, StatusCode statusCode, string message)
        {
            ArgumentNullException.ThrowIfNull(status);
            var trailers = new Metadata();
            trailers.SetRpcStatus(status);
            return new RpcException(new Status(statusCode, message), trailers);
        }
    }
}

namespace Google.Rpc
{
    /// <summary>The typed error model of google/rpc/status.proto.</summary>
    public sealed partial class Status
    {
        /// <summary>The first detail of that type, or null.</summary>
        public T? GetDetail<T>() where T : class, IMessage<T>, new()
        {
            var name = new T().Descriptor.FullName;
            return Details.FirstOrDefault(d => Any.GetTypeName(d.TypeUrl) == name)?.Unpack<T>();
        }

        /// <summary>The details whose types the registry knows.</summary>
        public IEnumerable<IMessage> UnpackDetailMessages(TypeRegistry registry)
        {
            foreach (var detail in Details)
            {
                if (detail.Unpack(registry) is { } message) yield return message;
            }
        }
    }
}
