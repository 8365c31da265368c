using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Unit.Architecture;

/// <summary>A tiny assembly made for one test, in memory, to prove that a rule bites.</summary>
internal sealed class PlantedAssembly
{
    private readonly PersistedAssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;
    private readonly List<TypeBuilder> _open = [];

    internal PlantedAssembly(string name)
    {
        _assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        _module = _assembly.DefineDynamicModule(name);
    }

    /// <summary>A static class with one method, so that others have something to use.</summary>
    internal MethodInfo Method(string typeName, string methodName)
    {
        var method = Type(typeName).DefineMethod(methodName, MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        method.GetILGenerator().Emit(OpCodes.Ret);
        return method;
    }

    internal TypeBuilder Type(string name, TypeAttributes attributes = TypeAttributes.Public)
    {
        var type = _module.DefineType(name, attributes | TypeAttributes.Class);
        _open.Add(type);
        return type;
    }

    /// <summary>A method that calls another assembly's.</summary>
    internal PlantedAssembly Calling(MethodInfo other)
    {
        var body = Type("Caller" + _open.Count, TypeAttributes.NotPublic).DefineMethod("Run", MethodAttributes.Static, typeof(void), []).GetILGenerator();
        body.Emit(OpCodes.Call, other);
        body.Emit(OpCodes.Ret);
        return this;
    }

    /// <summary>A method that calls one of a generic type of another assembly.</summary>
    internal PlantedAssembly CallingGeneric(PlantedAssembly other, string typeName, string methodName)
    {
        var definition = other.Type(typeName + "`1");
        definition.DefineGenericParameters("T");
        var method = definition.DefineMethod(methodName, MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        method.GetILGenerator().Emit(OpCodes.Ret);
        return Calling(TypeBuilder.GetMethod(definition.MakeGenericType(typeof(int)), method));
    }

    /// <summary>Shows its internals to another.</summary>
    internal PlantedAssembly ShownTo(string friend)
    {
        var attribute = typeof(System.Runtime.CompilerServices.InternalsVisibleToAttribute).GetConstructor([typeof(string)])!;
        _assembly.SetCustomAttribute(new CustomAttributeBuilder(attribute, [friend]));
        return this;
    }

    /// <summary>A class with one log method per id; null makes one without an id.</summary>
    internal PlantedAssembly Logging(params int?[] ids)
    {
        var type = Type("Logs", TypeAttributes.NotPublic);
        for (var i = 0; i < ids.Length; i++)
        {
            var attribute = ids[i] is { } id
                ? new CustomAttributeBuilder(typeof(LoggerMessageAttribute).GetConstructor([typeof(int), typeof(LogLevel), typeof(string)])!, [id, LogLevel.Warning, "planted"])
                : new CustomAttributeBuilder(typeof(LoggerMessageAttribute).GetConstructor([typeof(LogLevel), typeof(string)])!, [LogLevel.Warning, "planted"]);
            var method = type.DefineMethod("Log" + i, MethodAttributes.Static, typeof(void), []);
            method.SetCustomAttribute(attribute);
            method.GetILGenerator().Emit(OpCodes.Ret);
        }
        return this;
    }

    internal CompiledAssembly Compile()
    {
        foreach (var type in _open) type.CreateType();
        using var image = new MemoryStream();
        _assembly.Save(image);
        image.Position = 0;
        return CompiledAssembly.Read(image);
    }
}
